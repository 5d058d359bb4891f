import Durability
import SystemPackage
import TestSupport
import Testing

@Suite("A file fault")
struct FileFaultTests {
  @Test(
    "says what could not be done, what was found, and what to do",
    arguments: [
      (
        Errno.noSuchFileOrDirectory, FileAction.read, "notFound",
        "Could not read '/s/a': there is no such file or folder. Check the path and its parent folders."
      ),
      (
        .notDirectory, .list, "notFound",
        "Could not list '/s/a': there is no such file or folder. Check the path and its parent folders."
      ),
      (
        .fileExists, .createDirectory, "alreadyExists",
        "Could not create the directory '/s/a': the name is taken, a new one is expected. Remove what stands there, or choose another name."
      ),
      (
        .noSpace, .write, "noSpace",
        "Could not write '/s/a': no space left. Make room, then run the command again."
      ),
      (
        .diskQuotaExceeded, .sync, "noSpace",
        "Could not sync '/s/a': no space left. Make room, then run the command again."
      ),
      (
        .permissionDenied, .setPermissions, "permission",
        "Could not set the mode of '/s/a': this process may not do that. Check the owner and the mode of the path and its folder."
      ),
      (
        .notPermitted, .remove, "permission",
        "Could not remove '/s/a': this process may not do that. Check the owner and the mode of the path and its folder."
      ),
      (
        .readOnlyFileSystem, .rename, "readOnly",
        "Could not rename '/s/a': the file system is read-only. Mount it writable, or use another folder."
      ),
      (
        .ioError, .syncDirectory, "inputOutput",
        "Could not sync the directory '/s/a': the device reported an input/output error. Check the disk before you try again."
      ),
      (
        .tooManyOpenFiles, .examine, "tooManyOpenFiles",
        "Could not examine '/s/a': no file descriptor is left. Close some programs, or raise the limit (ulimit -n)."
      ),
      (
        .tooManyOpenFilesInSystem, .map, "tooManyOpenFiles",
        "Could not map '/s/a': no file descriptor is left. Close some programs, or raise the limit (ulimit -n)."
      ),
      (
        .tooManySymbolicLinkLevels, .lock, "notRegularFile",
        "Could not lock '/s/a': a link, folder or FIFO stands there, a regular file is expected. Replace it by the file itself."
      ),
      (
        .fileTooLarge, .write, "tooLarge",
        "Could not write '/s/a': the file would exceed the system's size limit. Raise the limit (ulimit -f)."
      ),
      (
        .noFunction, .measureFreeSpace, "other",
        "Could not measure the free space at '/s/a': the system answered 'Function not implemented' (errno 38). Check the file system."
      ),
    ])
  func sentences(cause: Errno, action: FileAction, code: String, message: String) {
    let line = #line + 1
    let fault = FileFault.systemCall(cause, during: action, at: "/s/a")
    #expect(fault.message == message)
    #expect(fault.description == message)
    #expect(fault.code.description == code)
    #expect(fault.cause == cause)
    #expect(fault.subject == "/s/a")
    #expect(fault.location == "DurabilityTests/FileFaultTests.swift:\(line)")
  }

  @Test("about a full disk names the sizes, rounded to one decimal")
  func fullDisk() {
    func message(_ length: Int, _ free: Int64) -> String {
      FileFault.systemCall(
        .noSpace, during: .write, at: "/data/store", lengthInBytes: length, freeInBytes: free
      ).message
    }
    #expect(
      message(64_801_997, 12_897_485)
        == "Could not write 61.8 MiB to '/data/store': no space left (12.3 MiB free). "
        + "Make room, then run the command again.")
    #expect(message(0, 1023).contains("0 bytes to '/data/store': no space left (1023 bytes free)"))
    #expect(message(1024, 1536).contains("1.0 KiB to '/data/store': no space left (1.5 KiB free)"))
    // Never "1024.0 KiB".
    #expect(message((1 << 20) - 1, 1 << 20).contains("1.0 MiB to '/data/store'"))
    #expect(
      message(1 << 40, Int64.max).contains("1.0 TiB to '/data/store': no space left (8.0 EiB free)")
    )
  }

  @Test("made by other situations has its sentence too")
  func otherSentences() {
    #expect(
      FileFault.notRegularFile(.fifo, during: .read, at: "/s/a").message
        == "Could not read '/s/a': it is a FIFO, a regular file is expected. Replace it by the file itself."
    )
    #expect(
      FileFault.notDirectory(.symbolicLink, during: .createDirectory, at: "/s/a").message
        == "Could not create the directory '/s/a': it is a symbolic link, a directory is expected. Replace it by the directory itself."
    )
    #expect(
      FileFault.shortRead(of: "/s/a", endsAtByte: 7, wanted: 4..<10).message
        == "Could not read bytes 4 to 10 of '/s/a': the file ends at byte 7. Restore the file, it is shorter than it was."
    )
    #expect(
      FileFault.cutWrite(to: "/s/a", foundInBytes: 7, expectedInBytes: 10).message
        == "Could not write '/s/a': the file has 7 bytes, 10 are expected. Check the disk before you try again."
    )
    #expect(
      FileFault.tooLarge("/s/a", sizeInBytes: 5000, limitInBytes: 4096).message
        == "Could not read '/s/a': it has 4.9 KiB, at most 4.0 KiB are expected. Check that this is the right file."
    )
    #expect(
      FileFault.damaged("/s/a", found: ContentHash(of: [1]), expected: ContentHash(of: [])).message
        == "Could not publish to '/s/a': the file there has SHA-256 4bf5122f…, e3b0c442… is expected. Run `signalstore verify`, then restore it from a copy."
    )
    #expect(
      FileFault.unreadableSystemFile("/proc/1/stat", found: "1").message
        == "Could not read '/proc/1/stat': it holds '1', the fields of proc(5) are expected. Check that /proc is mounted."
    )
  }

  @Test("cannot steer a terminal through a path")
  func escapesPaths() {
    let fault = FileFault.systemCall(
      .ioError, during: .read, at: "/s/\u{1b}[31m\n\u{7f}\u{9b}\u{202e}fdp.é")
    #expect(
      fault.message
        == "Could not read '/s/\\u{1b}[31m\\u{a}\\u{7f}\\u{9b}\\u{202e}fdp.é': the device reported an input/output error. Check the disk before you try again."
    )
  }

  @Test("has codes with different names")
  func codesDiffer() {
    let names = FileFault.Code.allCases.map(\.description)
    #expect(Set(names).count == names.count)
    #expect(names.count == 12)
  }
}
