import Foundation
import TestSupport
import Testing

@Suite("Paths that other programs would take for commands")
struct HostilePathTests {
    /// Folders whose names are commands of the shell to gnuplot, options to others, or end a quotation.
    static let names = [
        "<touch PWN;echo ", "|touch PWN;cat >", "`touch PWN`", "$(touch PWN)", "'.system('touch PWN').'",
        "a\n!touch PWN\n", "-x", "$x", "%A", "it's \"so\"",
    ]
    let folder = TemporaryFolder()

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path, environment: ["HOME": folder.path])
    }

    /// Every name in the folder and below it that has a file's name in it which only a command would make.
    private func traces() -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.split(separator: "/").last == "PWN" }
    }

    @Test(
        "report takes them for folders, draws there and runs nothing", .enabled(if: Plotting.isThere, "no gnuplot here")
    )
    func report() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        // Which gnuplot would read before all else.
        try folder.write("system 'touch PWN'\n", ".gnuplot")
        #expect(try ablate("run", "tiny.yaml", "--seeds", "0").code == 0)
        for name in Self.names {
            try FileManager.default.copyItem(atPath: folder.file("results"), toPath: folder.file(name))
            let report = try ablate("report", "--markdown=\(name)/REPORT.md", "--", "\(name)/tiny")
            #expect(report.code == 0 && report.errors == "", "\(name): \(report.errors)")
            let figures = try FileManager.default.contentsOfDirectory(atPath: folder.file("\(name)/tiny/figures"))
            #expect(figures.filter { $0.hasSuffix(".svg") }.count >= 2, "\(name): \(figures)")
            #expect(figures.filter { $0.hasSuffix(".tmp") } == [])
        }
        #expect(traces() == [])
    }

    @Test("run and reproduce take them for files and folders")
    func run() throws {
        let study = TinyStudy.planar.replacing("seed: [0, 1]", with: "seed: [0]")
        for name in Self.names {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
            try folder.write(study, "\(name)/-tiny.yaml")
        }
        try folder.write(study, "-tiny.yaml")
        for (study, results) in zip(["-tiny.yaml"] + Self.names.map { "\($0)/-tiny.yaml" }, ["-r"] + Self.names) {
            let reproduce = try ablate("reproduce", "--no-figures", "--results=\(results)", "--", study)
            #expect(reproduce.code == 0, "\(study): \(reproduce.errors)")
            #expect(folder.contains("\(results)/tiny/objective=combined,seed=0/run.h5"), "\(study)")
        }
        #expect(traces() == [])
    }
}

private enum Plotting {
    static let isThere = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot")
    }
}
