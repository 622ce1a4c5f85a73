import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Study

@Suite("ablate why, diff and rerun")
struct ProvenanceCommandTests {
    let folder = TemporaryFolder()

    init() throws { try folder.write(TinyStudy.planar, "tiny.yaml") }

    @discardableResult
    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private static let run = "results/tiny/objective=combined,seed=0"

    @Test("why tells of each run what changed, and of records that no run is named by")
    func why() throws {
        #expect(
            try ablate("why", "tiny.yaml", "--run", "objective=combined,seed=0").output
                == "objective=combined,seed=0: will run\n")
        try ablate("run", "tiny.yaml")
        #expect(
            try ablate("why", "tiny.yaml", "--only", "objective=combined").output
                == "objective=combined,seed=0: done\nobjective=combined,seed=1: done\n")
        let why = try ablate(
            "why", "tiny.yaml", "--set", "base.student.optimization.steps=7", "--set", "axes.seed=[0]", "--set",
            "study=tiny")
        #expect(
            why.output == """
                objective=prediction,seed=0: stale, and will run
                  student.optimization.steps: 20 → 7
                objective=combined,seed=0: stale, and will run
                  student.optimization.steps: 20 → 7
                results/tiny/objective=combined,seed=1/run.h5: not in the study, and kept
                results/tiny/objective=prediction,seed=1/run.h5: not in the study, and kept

                """)
        let unknown = try ablate("why", "tiny.yaml", "--run", "objective=combined,seed=3")
        #expect(unknown.code == 65 && unknown.output == "")
    }

    @Test("diff tells keys and scores that differ")
    func diff() throws {
        try ablate("run", "tiny.yaml")
        let diff = try ablate("diff", Self.run, "results/tiny/objective=combined,seed=1/run.h5")
        #expect(diff.code == 0)
        #expect(diff.output.hasPrefix("specification\n  seed: 0 → 1\nmade by: the same versions and machine\nscore"))
        #expect(diff.output.contains("\n  evaluation frechetDistance from step 10 on, by up to "))
        let same = try ablate("diff", Self.run, Self.run + "/")
        #expect(same.output.hasPrefix("specification: the same\n"))
        #expect(same.output.hasSuffix("Everything measured is bitwise the same.\n"))
        let absent = try ablate("diff", Self.run, "nowhere")
        #expect(absent.code != 0 && absent.output == "" && absent.errors.contains("nowhere"))
    }

    @Test("rerun repeats a run from a copy of its record alone, to the same bits")
    func rerun() throws {
        try ablate("run", "tiny.yaml", "--only", "objective=combined", "--seeds", "0")
        try FileManager.default.copyItem(atPath: folder.file(Self.run + "/run.h5"), toPath: folder.file("copy.h5"))
        let before = try folder.files()
        for arguments in [["rerun", Self.run], ["rerun", "copy.h5"]] {
            let rerun = try AblateProcess(arguments, in: folder.path)
            #expect(rerun.code == 0, "\(rerun.errors)")
            #expect(rerun.output.hasSuffix("Everything measured is bitwise the same.\n"))
        }
        #expect(Set(try folder.files().keys) == Set(before.keys), "nothing is left")
        #expect(try ablate("rerun", "copy.h5", "--keep", "kept").code == 0)
        // It was done again, not found: its training began later.
        let kept = try Record.read(folder.file("kept/tiny/\(Self.run.split(separator: "/").last!)/run.h5"))
        let copied = try Record.read(folder.file("copy.h5"))
        #expect(kept.provenance.wallSeconds != copied.provenance.wallSeconds)
        #expect(folder.contains("kept/tiny/objective=combined,seed=0/run.h5"))
        #expect(try ablate("rerun", "copy.h5", "--keep", "kept").code == 64, "what is there is not written over")
    }

    @Test("a record says of which commit its study is, and whether the files are those of the commit")
    func commit() throws {
        func git(_ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["git", "-C", folder.path, "-c", "user.name=n", "-c", "user.email=e"] + arguments
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        func origin(_ seed: String) throws -> Origin? {
            try ablate("run", "tiny.yaml", "--only", "objective=combined", "--seeds", seed)
            return try Record.read(folder.file("results/tiny/objective=combined,seed=\(seed)/run.h5")).run.origin
        }
        #expect(try origin("0")?.commit == nil)
        try git("init", "--quiet")
        try git("add", "tiny.yaml")
        try git("commit", "--quiet", "--message", "A study")
        let clean = try #require(try origin("1")?.commit)
        #expect(clean.name.count >= 40 && clean.tree == .clean)
        try folder.write(TinyStudy.planar + "# a word\n", "tiny.yaml")
        let changed = try #require(try origin("2"))
        #expect(changed.commit == .init(name: clean.name, tree: .changed))
        #expect(changed.executable != nil && changed.changes == ["--only objective=combined", "--seeds 2"])
    }
}

@Suite("ablate gc and cache")
struct LeftoverCommandTests {
    let folder = TemporaryFolder()

    init() throws { try folder.write(TinyStudy.planar, "tiny.yaml") }

    @discardableResult
    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    @Test("gc lists runs that the study does not name and removes them on request, and nothing else")
    func garbage() throws {
        try ablate("run", "tiny.yaml")
        #expect(try ablate("gc").output == "Nothing is left over.\n")
        // The file itself has one seed now; --seeds leaves those that it had.
        try folder.write(TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]"), "tiny.yaml")
        try ablate("run", "tiny.yaml")
        let show = try ablate("show", "results/tiny")
        #expect(
            show.errors.contains(
                "left out results/tiny/objective=combined,seed=1/run.h5: the study names no such run\n"))
        #expect(show.output.contains("combined") && show.output.contains("prediction"))
        try folder.write("half", "results/tiny/table.csv.ablate-0123456789abc.tmp")
        let before = try folder.files()
        let listed = try ablate("gc", "results")
        #expect(listed.code == 0)
        for path in ["prediction,seed=1", "combined,seed=1"] {
            let line = listed.output.split(separator: "\n").first { $0.contains("results/tiny/objective=\(path) ") }
            #expect(line?.hasSuffix(" not in the study") == true)
        }
        #expect(listed.output.contains("results/tiny/table.csv.ablate-0123456789abc.tmp"))
        #expect(listed.output.contains("Nothing was removed: --yes removes 3 paths"))
        #expect(try folder.files() == before)
        #expect(try ablate("gc", "results", "--yes").output.contains("Removed 3 paths"))
        let gone = Set(before.keys).subtracting(try folder.files().keys)
        #expect(gone.allSatisfy { $0.contains("seed=1/") || $0.hasSuffix(".tmp") })
        #expect(gone.filter { $0.hasSuffix("run.h5") }.count == 2)
    }

    /// Files of others whose names begin or end like those of Ablate.
    private static let ofOthers = [
        "draft.tmp", "letter.aside-1.txt", "notes.ablate-old.tmp", "photos.tmp/holiday.png", "photos.aside-1/run.h5",
    ]

    private func write(_ names: [String], in place: String) throws {
        for name in names {
            let path = folder.file("\(place)/\(name)")
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(name.utf8).write(to: URL(fileURLWithPath: path))
        }
    }

    @Test("gc refuses a folder that holds no results, and removes nothing from it")
    func foreign() throws {
        // One with a name of Ablate's own in it is no folder of results either.
        try write(Self.ofOthers + ["a/run.aside-1.h5"], in: "home")
        try FileManager.default.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: false)
        let before = try folder.files()
        let allowed = """
              allowed: a folder with <study>/study.json, <study>/<run>/run.journal or cache/<stage>/<identity>.journal in it, \
            as ablate run leaves them

            """
        for (name, found) in [
            ("home", "a, draft.tmp, letter.aside-1.txt, notes.ablate-old.tmp and 2 more"), ("empty", "an empty folder"),
        ] {
            let gc = try ablate("gc", name, "--yes")
            #expect(gc.code == 66 && gc.output == "")
            #expect(
                gc.errors
                    == "error: \(name): cannot list what is left over: it is no folder of results\n  found: \(found)\n"
                    + allowed)
        }
        #expect(try folder.files() == before)
    }

    @Test("gc removes what has a name of Ablate's own and leaves what others put there, and what lies behind links")
    func ownNamesAlone() throws {
        try ablate("run", "tiny.yaml")
        // The file itself has one seed now; --seeds leaves those that it had.
        try folder.write(TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]"), "tiny.yaml")
        try ablate("run", "tiny.yaml")
        let named = "results/tiny/objective=combined,seed=0", unnamed = "results/tiny/objective=combined,seed=1"
        for place in ["results", "results/tiny", named, unnamed, "elsewhere"] { try write(Self.ofOthers, in: place) }
        let own = [
            "\(named)/run.aside-1.h5", "\(named)/run.aside-12.journal", "\(named)/student.aside-1.safetensors",
            "results/cache/teacher/0123456789abcdef01234567.aside-1.h5",
            "results/tiny/table.md.ablate-0123456789abc.tmp",
        ]
        try write(own, in: ".")
        try write(["run.h5", "run.aside-1.h5", "x.ablate-0123456789abc.tmp"], in: "elsewhere/tiny/run")
        try write(["run.aside-1.h5"], in: "elsewhere")
        for (link, target) in [
            ("results/linked", "elsewhere/tiny"), ("results/tiny/linked", "elsewhere/tiny/run"),
            ("\(named)/run.aside-2.h5", "elsewhere/run.aside-1.h5"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(link), withDestinationPath: folder.file(target))
        }
        let before = Set(try folder.files().keys)
        let ofRun = Set(before.filter { $0.hasPrefix(unnamed + "/") }).subtracting(
            Self.ofOthers.map { "\(unnamed)/\($0)" })
        #expect(ofRun.count >= 5, "\(ofRun)")
        let gc = try ablate("gc", "--yes")
        #expect(gc.code == 0 && gc.errors == "", "\(gc.errors)")
        let line = gc.output.split(separator: "\n").first { $0.contains(" \(unnamed) ") }
        let kept = "draft.tmp, letter.aside-1.txt, notes.ablate-old.tmp, photos.aside-1, photos.tmp"
        #expect(line?.hasSuffix(" not in the study; not removed: \(kept)") == true)
        let other = "results/tiny/objective=prediction,seed=1"
        let gone = before.subtracting(try folder.files().keys).filter { !$0.hasPrefix(other + "/") }
        #expect(gone == ofRun.union(own))
        #expect(!folder.contains(other) && folder.contains("\(named)/run.aside-2.h5"))
        #expect(try ablate("cache", "verify").output.hasPrefix("6 of 6 files of the cache are whole.\n"))
    }

    @Test("prune leaves what lies behind the links of rerun --keep, which another study was made from")
    func linked() throws {
        try folder.write(TinyStudy.planar.replacing("study: tiny", with: "study: other"), "other.yaml")
        try ablate("run", "tiny.yaml", "--seeds", "0")
        try ablate("run", "other.yaml", "--seeds", "0", "--set", "base.sharedSeed=1")
        let before = try folder.files()
        #expect(before.keys.filter { $0.hasPrefix("results/cache/teacher/") && $0.hasSuffix(".h5") }.count == 2)
        #expect(try ablate("rerun", Self.record, "--keep", "kept").code == 0)
        let prune = try ablate("cache", "prune", "--results", "kept", "--yes")
        #expect(prune.code == 0 && prune.output == "Nothing of the cache is idle.\n")
        for stage in ["teacher", "reference"] {
            #expect(
                prune.errors.contains(
                    "kept/cache/\(stage): left alone, as it is a link to \(folder.file("results/cache/\(stage)"))\n"),
                "\(prune.errors)")
        }
        #expect(
            try folder.files().filter { $0.key.hasPrefix("results/") }.keys
                == before.filter { $0.key.hasPrefix("results/") }.keys)
        let verify = try ablate("cache", "verify")
        #expect(
            verify.code == 0 && verify.output.hasPrefix("8 of 8 files of the cache are whole.\n"), "\(verify.output)")
        // Where the whole cache is a link, the same.
        try FileManager.default.createDirectory(atPath: folder.file("shared"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("shared/cache"), withDestinationPath: folder.file("results/cache"))
        #expect(
            try ablate("cache", "prune", "--results", "shared", "--yes").output == "Nothing of the cache is idle.\n")
        #expect(try ablate("cache", "verify").output == verify.output)
    }

    private static let record = "results/tiny/objective=combined,seed=0"

    @Test("prune leaves files of others in the cache")
    func othersInCache() throws {
        try ablate("run", "tiny.yaml", "--seeds", "0")
        let others = ["mine.h5", "0123456789abcdef01234567.notes.md", "0123456789ABCDEF01234567.h5"]
        try write(others, in: "results/cache/teacher")
        // One that nobody uses goes, with what is its own alone.
        try write(["0123456789abcdef01234567.h5", "0123456789abcdef01234567.log"], in: "results/cache/teacher")
        let prune = try ablate("cache", "prune", "--yes")
        #expect(prune.output.hasSuffix("\nRemoved 2 paths, 0 kB.\n"), "\(prune.output)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("results/cache/teacher"))
        #expect(
            left.filter { others.contains($0) }.count == 3
                && !left.contains { $0.hasPrefix("0123456789abcdef01234567.h5") })
    }

    @Test("cache lists what is shared and by how many, verifies it and the records, and prunes what nobody uses")
    func cache() throws {
        try ablate("run", "tiny.yaml")
        let list = try ablate("cache", "list").output.split(separator: "\n")
        #expect(list.count == 8)
        #expect(list[2].hasPrefix("teacher") && list[2].hasSuffix(" 4"))
        #expect(list[3].hasPrefix("reference") && list[3].hasSuffix(" 4"))
        let whole = "6 of 6 files of the cache are whole.\n4 of 4 records are whole.\n"
        #expect(try ablate("cache", "verify").output == whole)
        #expect(try ablate("cache", "prune").output == "Nothing of the cache is idle.\n")
        try ablate("run", "tiny.yaml", "--set", "base.sharedSeed=1", "--set", "study=tiny")
        try ablate("gc", "results", "--yes")
        let prune = try ablate("cache", "prune", "--yes")
        #expect(prune.code == 0 && prune.output.contains("Removed"))
        #expect(try ablate("cache", "list").output.split(separator: "\n").count == 8)
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder.file("results/cache/teacher")).first {
                $0.hasSuffix(".h5")
            })
        let path = folder.file("results/cache/teacher/\(name)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - 100] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let verify = try ablate("cache", "verify")
        #expect(verify.code == 1)
        #expect(
            verify.output.contains("\(name): its bytes are not those that were sealed\n")
                && verify.output.hasSuffix("5 of 6 files of the cache are whole.\n4 of 4 records are whole.\n"))
    }
}
