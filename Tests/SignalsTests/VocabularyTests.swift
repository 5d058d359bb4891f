import Signals
import Testing

@Suite("A vocabulary")
struct VocabularyTests {
  @Test("finds the name of every code that it has, and of no other, for all sets of six codes")
  func lookup() {
    let codes: [Int32] = [-3, -1, 0, 2, 5, 7]
    for subset in 0..<64 {
      let chosen = codes.indices.filter { subset >> $0 & 1 == 1 }.map { codes[$0] }
      let vocabulary = Vocabulary(
        chosen.reversed().map { Vocabulary.Term(code: $0, name: "name of \($0)") })
      #expect(vocabulary.terms.map(\.code) == chosen)
      for code in Int32(-4)...8 {
        let expected = chosen.contains(code) ? "name of \(code)" : nil
        #expect(vocabulary.name(of: code) == expected)
        #expect(vocabulary.code(named: "name of \(code)") == (expected == nil ? nil : code))
      }
    }
  }

  @Test("keeps the first of two terms with one code")
  func twice() {
    let vocabulary = Vocabulary([
      .init(code: 2, name: "walk"), .init(code: 1, name: "rest"), .init(code: 2, name: "run"),
    ])
    #expect(vocabulary.terms.map(\.name) == ["rest", "walk"])
    #expect(vocabulary.code(named: "run") == nil)
  }

  @Test("finds a code by its name letter for letter, the lowest of several")
  func byName() {
    let vocabulary = Vocabulary([
      .init(code: 4, name: "walk"), .init(code: 3, name: "Walk"), .init(code: 9, name: "walk"),
    ])
    #expect(vocabulary.code(named: "walk") == 4)
    #expect(vocabulary.code(named: "WALK") == nil)
  }
}
