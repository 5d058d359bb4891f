/// The 24 logs of the data set's archive, known by length and content.
///
/// Lengths and hashes are facts about the files of "OPPORTUNITY Activity Recognition" in the UCI
/// Machine Learning Repository (data set 226), taken from the Git LFS pointers of a public copy
/// (github.com/abdulsaboor938/HAR, commit 4ea111f); the row counts from the inspection published in
/// github.com/DhruvikaRajput/Opportunity_HAR (commit 86f87c9). Both lists agree on all lengths.
public struct OpportunityOriginal: Hashable, Sendable {
  /// The name in the archive.
  public let name: String
  /// The length.
  public let sizeInBytes: Int
  /// The SHA-256 as 64 hexadecimal digits.
  public let sha256: String
  /// How many lines it has.
  public let rowCount: Int

  private init(_ name: String, _ sizeInBytes: Int, _ rowCount: Int, _ sha256: String) {
    self.name = name
    self.sizeInBytes = sizeInBytes
    self.sha256 = sha256
    self.rowCount = rowCount
  }

  /// The original that has this content.
  public static func withContent(sha256: String, sizeInBytes: Int) -> OpportunityOriginal? {
    all.first { $0.sha256 == sha256 && $0.sizeInBytes == sizeInBytes }
  }

  /// The original that has this name.
  public static func named(_ name: String) -> OpportunityOriginal? {
    all.first { $0.name == name }
  }

  /// All of them, by subject and run.
  public static let all: [OpportunityOriginal] = [
    OpportunityOriginal(
      "S1-ADL1.dat", 51_803_164, 51_116,
      "2b247432acbe4d3970f052c1e3e7ff8d2fc98ba5c49f95e2a0d63a32c553aab8"),
    OpportunityOriginal(
      "S1-ADL2.dat", 32_761_206, 32_224,
      "cb7951936acb4637e27b3c8c95480341354a93ba90a5cce232526279d2f127ba"),
    OpportunityOriginal(
      "S1-ADL3.dat", 33_899_243, 33_273,
      "118378e10af6bf042a65f7d14234993b9e1229ef12b4dc75afff1a79760f7132"),
    OpportunityOriginal(
      "S1-ADL4.dat", 34_242_592, 32_955,
      "283cf48e4114b4fb05a7def13c29b5497a0e02947ca5855d831fc68b72eec1c8"),
    OpportunityOriginal(
      "S1-ADL5.dat", 30_729_238, 30_127,
      "8519f3a4c09ee10c67215aef53520152355ddadf0d70b5b708998478b0c53a1c"),
    OpportunityOriginal(
      "S1-Drill.dat", 56_321_443, 54_966,
      "26b5e4d9f40243cc64471592bf86a5a282b0bde864b1efcdd5699d5a7f00bf42"),
    OpportunityOriginal(
      "S2-ADL1.dat", 43_165_447, 42_797,
      "38d76a30b49b6fff3dcc77cec676a19de5c252ed14c10b7400b4666997fa7f1f"),
    OpportunityOriginal(
      "S2-ADL2.dat", 30_710_584, 30_182,
      "b30f15e8a1927cd19427e2b1028bc787df06810466fd548523fc6a11e2d01aed"),
    OpportunityOriginal(
      "S2-ADL3.dat", 34_808_274, 34_232,
      "64eca28aa6cefc38e6362510f95d2a770d3a4e6c8b2326fd6608d7c10707240e"),
    OpportunityOriginal(
      "S2-ADL4.dat", 33_124_185, 32_748,
      "25cd0d6eb7e0fd9a9786d213ffdac131f06a5279e24d78ff50b1621a3fa205d1"),
    OpportunityOriginal(
      "S2-ADL5.dat", 32_398_053, 31_826,
      "2300842180e2640aa9512d602c0a7ba6ee1a4ef1999889b34bceb110dc5c5c0d"),
    OpportunityOriginal(
      "S2-Drill.dat", 54_381_079, 53_398,
      "98e7ed170e860457198fd1346f4b284d7ae5983e5de78d3924273ec47fa8e78f"),
    OpportunityOriginal(
      "S3-ADL1.dat", 37_810_795, 37_223,
      "1b15fc4766ba9a79f8ec97c15bb4cb128e7a2fd2c08f8dcb60dec65ca543e699"),
    OpportunityOriginal(
      "S3-ADL2.dat", 28_329_759, 27_825,
      "a61b0418486f07114719d30ea6bf119e530f233d36d8eee7da542946b0358f4a"),
    OpportunityOriginal(
      "S3-ADL3.dat", 27_222_179, 26_717,
      "ad976087c3c428f75d5a83df82640935323b3923eb8256466c99e7d2c556590a"),
    OpportunityOriginal(
      "S3-ADL4.dat", 27_972_830, 27_681,
      "e2502620983c38ecb78b21ca232516decc64753ad476ea242d3cbebcba20e637"),
    OpportunityOriginal(
      "S3-ADL5.dat", 27_048_082, 26_495,
      "8c66c65e561c4b2a8fb36d40cbca36cee246d6fad6072b097fcb3ee0ed8620fa"),
    OpportunityOriginal(
      "S3-Drill.dat", 72_116_889, 70_928,
      "3f5c13d4e52ea96f218040480e68bdf279818e7ea99d7dba7a78c12f2e21f7f1"),
    OpportunityOriginal(
      "S4-ADL1.dat", 42_129_019, 41_588,
      "9a9a6fedd1889f9210ff3ecc0d9ee9da602bd11a3a86f629ac06273a9b8bb98a"),
    OpportunityOriginal(
      "S4-ADL2.dat", 28_272_896, 27_737,
      "022be538306b443096667f37909d2a4a6f69222ddd2381a63160efc6ef146a04"),
    OpportunityOriginal(
      "S4-ADL3.dat", 26_254_876, 25_132,
      "f81f5d19cf3f76e531e2af5aab2333f6a776d82202869c740ee7791c1095fd7f"),
    OpportunityOriginal(
      "S4-ADL4.dat", 22_661_204, 22_230,
      "d2f5bd0e2f770ef8cbc0e1b11cab1ea9fe537d1bef3586dc92c395fd47b1426d"),
    OpportunityOriginal(
      "S4-ADL5.dat", 31_116_303, 30_527,
      "1ace7199f8a5285691a58326ded0a2932ea56d8f43da537ff23db0ad359e7ef6"),
    OpportunityOriginal(
      "S4-Drill.dat", 46_154_259, 45_460,
      "9076c861d9b5ad94345abf61659064f8e7b94e73d29518ab30e156a30555a3bd"),
  ]
}
