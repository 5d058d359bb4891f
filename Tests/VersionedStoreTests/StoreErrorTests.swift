import Durability
import Foundation
import GRDB
import HDF5
import StoreSupport
import SystemPackage
import TestSupport
import Testing
import VersionedStore

/// The sentences of situations that the other suites do not bring about; theirs are compared there.
@Suite("The sentence of a store error")
struct StoreErrorTests {
  @Test(
    "for a disk that refuses keeps the fault's own words and says that nothing was changed",
    arguments: [
      (.noSpace, .noSpace), (.permissionDenied, .permission), (.readOnlyFileSystem, .permission),
      (.noSuchFileOrDirectory, .notFound), (.ioError, .storage), (.tooManyOpenFiles, .storage),
      (.fileTooLarge, .noSpace),
    ] as [(Errno, StoreError.Code)])
  func disk(cause: Errno, code: StoreError.Code) {
    let fault = FileFault.systemCall(cause, during: .write, at: "/data/store/tmp/1")
    let error = StoreError.disk(fault)
    #expect(error.code == code)
    #expect(error.message == "\(fault.message) The store was not changed.")
    #expect(error.cause as? FileFault == fault && error.subject == "/data/store/tmp/1")
    #expect(error.description == error.message && error.location.contains("StoreError.swift:"))
  }

  @Test("for a full disk, word for word")
  func fullDisk() {
    let fault = FileFault.systemCall(
      .noSpace, during: .write, at: "/data/store/tmp/1", lengthInBytes: 64_802_000,
      freeInBytes: 12_898_000)
    #expect(
      StoreError.disk(fault).message
        == "Could not write 61.8 MiB to '/data/store/tmp/1': no space left (12.3 MiB free). Make room, "
        + "then run the command again. The store was not changed.")
  }

  @Test("for a lock whose holder is known, unknown, or that the file system does not have")
  func lock() throws {
    let holder = LockHolder(
      process: ProcessIdentity(number: 4242, bootID: "b", startTicks: 1, numberSpace: "p"),
      sinceInSecondsSince1970: 1_772_619_243, command: "ingest")
    let held = StoreError.lock(.held("/s/store.lock", by: holder), doing: "stage 'gravity-spy'")
    #expect(held.code == .locked)
    #expect(
      held.message
        == "Could not stage 'gravity-spy': process 4242 has been writing since 2026-03-04T10:14:03Z. "
        + "Wait, or pass `--wait 60`.")
    let unknown = StoreError.lock(.held("/s/store.lock", by: nil), doing: "stage 'a'")
    #expect(unknown.code == .locked)
    #expect(
      unknown.message
        == "Could not stage 'a'. Could not lock '/s/store.lock': another process is writing. Wait, or "
        + "pass `--wait 60`.")
    let unsupported = StoreError.lock(
      .unsupported("/nfs/store.lock", answer: .noLocks), doing: "stage 'a'")
    #expect(unsupported.code == .storage)
    #expect(
      unsupported.message
        == "Could not stage 'a'. Could not lock '/nfs/store.lock': its file system has no locks between "
        + "processes (errno 37). Keep the store on a local disk.")
    let fault = FileFault.systemCall(.permissionDenied, during: .lock, at: "/s/store.lock")
    let forbidden = StoreError.lock(.file(fault), doing: "stage 'a'")
    #expect(forbidden.code == .permission)
    #expect(forbidden.message == "Could not stage 'a'. \(fault.message)")
  }

  @Test(
    "for SQLite says what was done, what SQLite said, and what helps",
    arguments: [
      (.SQLITE_BUSY, .locked, "Another process is writing; try again."),
      (.SQLITE_LOCKED, .locked, "Another process is writing; try again."),
      (.SQLITE_FULL, .noSpace, "Free some space and try again."),
      (.SQLITE_READONLY, .permission, "Check the permissions of the store's folder."),
      (.SQLITE_PERM, .permission, "Check the permissions of the store's folder."),
      (.SQLITE_CANTOPEN, .permission, "Check the permissions of the store's folder."),
      (
        .SQLITE_CORRUPT, .damaged,
        "Run `signalstore verify`, and restore the catalogue from a copy."
      ),
      (
        .SQLITE_NOTADB, .damaged, "Run `signalstore verify`, and restore the catalogue from a copy."
      ),
      (.SQLITE_IOERR, .catalogue, "The store was not changed."),
      (.SQLITE_CONSTRAINT, .catalogue, "The store was not changed."),
    ] as [(ResultCode, StoreError.Code, String)])
  func sqlite(result: ResultCode, code: StoreError.Code, advice: String) {
    let error = StoreError.catalogue(
      DatabaseError(resultCode: result, message: "what SQLite says"), doing: "tag 'a@1'")
    #expect(error.code == code && error.subject == "catalog.sqlite")
    #expect(error.message == "Could not tag 'a@1': what SQLite says. \(advice)")
  }

  @Test("for anything else that ends a transaction, and for a store error inside one")
  func otherErrors() throws {
    struct Strange: Error, CustomStringConvertible { let description = "something strange" }
    let error = StoreError.catalogue(Strange(), doing: "tag 'a@1'")
    #expect(error.code == .catalogue)
    #expect(error.message == "Could not tag 'a@1': something strange. The store was not changed.")
    let inner = StoreError.disk(.systemCall(.ioError, during: .sync, at: "/x"))
    #expect(StoreError.catalogue(inner, doing: "tag 'a@1'").message == inner.message)
  }

  @Test("for HDF5 keeps its words")
  func format() throws {
    var failure: H5.Failure?
    do throws(H5.Failure) { _ = try H5.File.open(image: [1, 2, 3]) } catch { failure = error }
    let found = try #require(failure)
    let error = StoreError.format(found, doing: "build a shard")
    #expect(error.code == .damaged)
    #expect(error.message == "Could not build a shard. \(found.message)")
  }

  @Test("for an object whose bytes are right but that is not what the catalogue says")
  func notHDF5() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    let version = try store.commit([RecordingSketch("a")]).version
    let view = try store.makeView(of: version)
    let bytes = Array("this is no HDF5".utf8)
    let object = try ObjectPublisher(root: folder.root, on: LocalFileSystem()).publish(
      bytes, fileExtension: "h5", temporaryName: "wrong")
    let hash = object.hash.hexText
    try editCatalogue(
      of: folder.root, "INSERT INTO object VALUES ('\(hash)', 'view', 'h5', \(bytes.count), 0)",
      "UPDATE view SET objectHash = '\(hash)'")
    let damaged = try folder.open().view(named: try DatasetName(view.name))
    let error = expectStoreError(.damaged) { _ = try folder.open().examples(of: damaged) }
    #expect(
      error?.message.hasPrefix("Could not read object \(hash.prefix(12))…. Could not") == true)
  }

  @Test("for rows that are missing or hold what no release wrote")
  func rows() throws {
    let folder = try StoreFolder()
    let store = try folder.create()
    let version = try store.commit([RecordingSketch("a")]).version
    let split = try store.makeSplit(
      of: try store.makeView(of: version), by: .time, test: "0.2")
    _ = try store.beginRun(
      RunPlan(study: "s", split: split, seed: 1, settings: [:], environment: [:]))
    let advice = "Run `signalstore verify`."
    try editCatalogue(of: folder.root, "UPDATE run SET seed = 'many'")
    expectStoreError(
      .damaged,
      saying: "Could not read run 1 in the catalogue: its status or seed is not one. \(advice)"
    ) { _ = try store.run(1) }
    try editCatalogue(of: folder.root, "UPDATE split SET rule = '[]'")
    let error = expectStoreError(.damaged) {
      _ = try store.split(named: try DatasetName("parts"))
    }
    #expect(
      error?.message.hasPrefix(
        "Could not read the record of split 'parts': its JSON does not describe a SplitRule (")
        == true)
    #expect(error?.message.hasSuffix("). \(advice)") == true)
    let hash = try #require(try store.shards(of: version).first).hash
    try editCatalogue(of: folder.root, "DELETE FROM object WHERE kind = 'view'")
    let view = try store.view(named: try DatasetName("windows"))
    let missing = expectStoreError(.damaged) { _ = try store.examples(of: view) }
    #expect(
      missing?.message.hasPrefix("Could not read object ") == true
        && missing?.message.hasSuffix("… in the catalogue: the row is missing. \(advice)") == true)
    #expect(hash.utf8.count == 64)
  }
}
