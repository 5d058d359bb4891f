import Experiments
import Testing

@Suite("What goes wrong in an experiment is said in one sentence")
struct ExperimentErrorTests {
  @Test("Every public factory")
  func sentences() {
    let cases: [(ExperimentError, ExperimentError.Code, String, String)] = [
      (
        .setting("kernel", "expected an odd number. Give another value."), .badSetting, "kernel",
        "Could not use the setting 'kernel': expected an odd number. Give another value."
      ),
      (
        .unsuitable("windows", "Could not use 'windows': it is empty. Make another."),
        .unsuitableData, "windows", "Could not use 'windows': it is empty. Make another."
      ),
      (
        .diverged(epoch: 3, loss: .infinity), .diverged, "epoch 3",
        "Could not go on training: the loss of epoch 3 is inf. Lower the learning rate (`--set "
          + "learning_rate=…`), or look for values that are not finite in the view."
      ),
      (
        .lostWeights(epoch: 2), .diverged, "epoch 2",
        "Could not go on training: in epoch 2 weights of the network left the numbers. Lower the "
          + "learning rate (`--set learning_rate=…`), or scale the readings (`--set "
          + "scaling=standard`)."
      ),
      (
        .interrupted(run: 12, epoch: 4), .interrupted, "run 12",
        "Stopped run 12 after epoch 4, as asked; its checkpoint is kept. Go on with `--resume 12`."
      ),
      (
        .model("a classifier", "it has no network. Train it again."), .badModel, "a classifier",
        "Could not read the model of a classifier: it has no network. Train it again."
      ),
    ]
    for (error, code, subject, message) in cases {
      #expect(error.code == code && error.subject == subject)
      #expect(error.message == message && error.description == message)
    }
  }
}
