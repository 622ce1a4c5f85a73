import ArgumentParser
import Reporting
import Results
import Storage

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Write the results of studies as one page: claims, figures, tables, samples, specification, provenance.",
        discussion: """
            Works from the folders of results alone. The page needs no network and no other file; figures and tables go \
            into each study's folder too.
            """)

    @Argument(help: "Folders of studies' results.", completion: .directory)
    var folders: [String]

    @Option(
        help:
            "The page (default: report.html in the study's folder, for several studies in the folder above the first).")
    var page: String?

    @Option(help: "Also write a page of Markdown, with links to the figures, here.")
    var markdown: String?

    @Flag(inversion: .prefixedNo, help: "Draw figures, with gnuplot.")
    var figures = true

    @Option(help: "A folder with templates of figures in place of the built-in ones.", completion: .directory)
    var templates: String?

    @OptionGroup var overwriting: OverwriteOption

    func run() async throws {
        try await Exit.translating {
            // Found out before anything is drawn.
            let outputs = try [page, markdown].map {
                try $0.map { try OutputFile($0, attempt: "write the page", overwriting: overwriting.isAllowed) }
            }
            let studies = try folders.map { try StudyResults.read($0) }
            for omission in studies.flatMap(\.leftOut) { Console.say("warning: \(omission)") }
            let plotter = figures ? Plotter(templates: templates.map { .folder($0) } ?? .builtIn) : nil
            let report = StudyReport(studies, plotter: plotter)
            let paths = try await report.write(page: outputs[0], digest: outputs[1])
            for study in studies where !study.claims.isEmpty {
                Console.give("\(study.name): \(study.question ?? "")")
                Console.give(ClaimResult.table(study.claimResults))
            }
            for path in paths { Console.give("Wrote \(path)") }
        }
    }
}
