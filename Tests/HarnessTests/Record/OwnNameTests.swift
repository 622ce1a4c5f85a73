import Testing

@testable import Results
@testable import Storage

@Suite("Names that only Ablate gives to files")
struct OwnNameTests {
    @Test("an unfinished file has one, drawn anew each time")
    func temporary() {
        let names = (0..<50).map { _ in AtomicFile.temporaryName(for: "results/run.h5") }
        #expect(Set(names).count == 50)
        for name in names {
            #expect(name.hasPrefix("results/run.h5.ablate-") && name.hasSuffix(".tmp"))
            #expect(name.utf8.count == "results/run.h5.ablate-".utf8.count + 13 + 4)
            #expect(AtomicFile.isTemporary(name))
        }
    }

    @Test(
        "a name that is only like one is another's",
        arguments: [
            "run.h5.tmp", "run.h5.abc.tmp", "run.h5.0123456789abc.tmp", "run.h5.ablate-0123456789ab.tmp",
            "run.h5.ablate-0123456789abcd.tmp", "run.h5.ablate-0123456789ABC.tmp", "run.h5.ablate-0123456789abc.tmp~",
            ".ablate-0123456789abc.tmp", "ablate-0123456789abc.tmp",
        ])
    func notTemporary(name: String) { #expect(!AtomicFile.isTemporary(name)) }

    private static let identity = "0123456789abcdef01234567"

    @Test(
        "a run leaves its record, its models and what gave way to them",
        arguments: [
            "run.h5", "run.journal", "log.txt", "profile.txt", "grid.png", "student.safetensors",
            "auxiliary.safetensors", "run.aside-1.h5", "run.aside-23.journal", "auxiliary.aside-2.safetensors",
            "run.h5.ablate-0123456789abc.tmp",
        ])
    func ofRun(name: String) { #expect(OwnName.isOfRun(name)) }

    @Test(
        "and nothing else",
        arguments: [
            "notes.txt", "run.h5~", "RUN.h5", "run.aside-.h5", "run.aside-0.h5", "run.aside-01.h5", "run.aside-1.txt",
            "run.aside-1.h5.bak", "my.run.aside-1.h5", "grid.aside-1.png", "thesis.aside-1.h5",
            "0123456789abcdef01234567.h5",
        ])
    func notOfRun(name: String) { #expect(!OwnName.isOfRun(name)) }

    @Test(
        "the cache has products under their identities, with journal, log and profile",
        arguments: [".h5", ".journal", ".log", ".profile.txt", ".aside-1.h5", ".aside-2.journal"])
    func ofCache(suffix: String) {
        #expect(OwnName.isOfCache(Self.identity + suffix))
        #expect(OwnName.isProduct(Self.identity + suffix) == (suffix == ".h5"))
        #expect(!OwnName.isOfCache("notes" + suffix) && !OwnName.isOfCache(Self.identity.uppercased() + suffix))
        #expect(!OwnName.isOfCache(Self.identity + "8" + suffix))
    }

    @Test("and nothing else of an identity's name", arguments: ["", ".txt", ".h5.bak", ".aside-1.log", ".notes.h5"])
    func notOfCache(suffix: String) {
        #expect(!OwnName.isOfCache(Self.identity + suffix) && !OwnName.isProduct(Self.identity + suffix))
    }
}
