import ArgumentParser

/// The options that every command on a store takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder of the store (else $SIGNALSTORE_PATH, else ./signal-store).",
      valueName: "path"))
  var store: String?

  @Flag(name: .long, help: "Print one JSON document on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print nothing but results and errors.")
  var quiet = false

  @Flag(name: .customLong("no-color"), help: "Print without colours.")
  var noColor = false

  @Flag(name: .long, help: "With an error, print what led to it.")
  var verbose = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How many seconds to wait for another writer before giving up.", valueName: "seconds"))
  var wait: Double = 0
}
