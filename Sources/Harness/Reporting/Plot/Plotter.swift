import Foundation
import PlotTemplates
import Results
import Storage
import Subprocess

/// Draws figures with gnuplot.
///
/// gnuplot runs in the folder of the figures and is passed the names of files there, never a path of the user's: it
/// would execute a path that begins with "<" or "|" as a shell command. It reads no settings of the user or of the
/// folder.
package struct Plotter: Sendable {
    /// The source of templates.
    package enum Source: Sendable {
        /// The templates built into the program.
        case builtIn
        /// Files of the same names in a folder.
        case folder(String)
    }

    private let source: Source
    private let program: String

    package init(templates source: Source = .builtIn, program: String = "gnuplot") {
        (self.source, self.program) = (source, program)
    }

    /// The files of one figure.
    package struct Drawing: Sendable {
        package let plot: Plot
        package let svg, png, data: String
    }

    /// Checks that figures can be drawn, so that nothing is begun if they cannot.
    /// - Throws: `InputError` where gnuplot or a template is missing.
    package func check() async throws {
        for template in PlotTemplate.allCases { _ = try text(template) }
        try await run("", "check", in: nil)
    }

    /// Draws a figure into a folder, as `<name>.svg`, `.png`, and `.dat` with its numbers.
    /// - Throws: `InputError` where gnuplot or a template is missing, `PlotError` where gnuplot refuses, `FileError`.
    package func draw(_ plot: Plot, in folder: String) async throws -> Drawing {
        try ResultsFolder.create(folder)
        let name = plot.fileName, stem = "\(folder)/\(name)"
        let drawing = Drawing(plot: plot, svg: "\(stem).svg", png: "\(stem).png", data: "\(stem).dat")
        try AtomicFile.write(Array(plot.data.utf8), to: drawing.data)
        // gnuplot writes piece by piece: under other names, until both are whole.
        let files = ["svg", "png"].map { "\(name).\($0)" }.map { ($0, AtomicFile.temporaryName(for: $0)) }
        defer { for (_, temporary) in files { unlink("\(folder)/\(temporary)") } }
        let script = try plot.script(
            dataFile: programPath("\(name).dat"),
            files: zip([Plot.Medium.svg, .png], files).map { ($0, programPath($1.1)) }, templates: text)
        try await run(script, plot.name, in: folder)
        for (file, temporary) in files where rename("\(folder)/\(temporary)", "\(folder)/\(file)") != 0 {
            throw FileError(path: "\(folder)/\(file)", attempt: "replace the file")
        }
        return drawing
    }

    private func text(_ template: PlotTemplate) throws -> String {
        guard case .folder(let folder) = source else { return template.text }
        let path = "\(folder)/\(template.rawValue).gp"
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw InputError(path: path, attempt: "read the template", reason: systemText(of: error))
        }
    }

    /// Bytes of gnuplot's complaints that are kept.
    private static let errorLimit = 1 << 14

    /// - Parameter folder: the folder that gnuplot runs in; nil for the working directory.
    private func run(_ script: String, _ name: String, in folder: String?) async throws {
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: ["--default-settings", "-"], workingDirectory: folder.map { .init($0) },
                input: .string(script), output: .discarded, error: .string(limit: Self.errorLimit))
            guard result.terminationStatus.isSuccess else {
                let lines = result.standardError.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                throw PlotError(plot: name, reason: lines.suffix(2).joined(separator: " / "))
            }
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw InputError(
                path: program, attempt: "draw figures",
                reason: "the program is not installed (Debian: gnuplot-nox); --no-figures does without")
        }
    }
}

/// A figure that gnuplot did not draw.
package struct PlotError: Error, Hashable, Sendable, CustomStringConvertible {
    package let plot, reason: String
    package var description: String { "the figure '\(plot)': gnuplot says: \(reason)" }
}
