import ArgumentParser
import Execution
import Foundation
import Reporting
import Results
import Specification
import Storage
import Study

/// Exit codes that scripts can use, as in sysexits.h.
enum Exit {
    static let someFailed = ExitCode(1)
    static let wrongUsage = ExitCode.validationFailure
    static let badSpecification = ExitCode(65)
    static let missingInput = ExitCode(66)
    static let defect = ExitCode(70)
    static let cannotWrite = ExitCode(74)
    /// Stopped by Ctrl-C or SIGTERM.
    static let interrupted = ExitCode(130)

    /// Prints that the drift was not measured at a path.
    static func noDrift(_ path: String) -> ExitCode {
        Console.say(
            "error: \(path): the drift was not measured\n  allowed: studies whose evaluation.metrics have drift, or all metrics"
        )
        return missingInput
    }

    /// Prints an error on standard error, and ends with its exit code.
    static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw code(saying: error) }
    }

    /// The same for an asynchronous body.
    static func translating<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch { throw code(saying: error) }
    }

    private static func code(saying error: any Error) -> any Error {
        let code: ExitCode
        switch error {
        case let error as SpecError: code = error.isMissingInput ? missingInput : badSpecification
        case is InputError: code = missingInput
        case is FileError, is HDF5Error, is PlotError, is SlurmError: code = cannotWrite
        case is RecordError, is DataError, is CheckpointError: code = badSpecification
        // What was not read for a plan is no fault.
        case is ExitCode, is DataNotRead: return error
        default: code = defect
        }
        Console.say("error: \((error as? SpecError)?.withExamples ?? error)")
        return code
    }
}

/// The two streams of the command line.
enum Console {
    /// A line for people, on standard error.
    static func say(_ text: String) { _ = Terminal.Stream.error.write(text.withoutControls + "\n") }

    /// A line of results, on standard output. Where it cannot be written, the process ends with 74 and the reason; where nobody reads
    /// any more, it goes on quietly.
    static func give(_ text: String) { put(text.withoutControls) }

    /// The same of what this program has set itself: the colours of a table, the line ends of CSV.
    static func put(_ text: String) {
        if case .failed(let code) = tell(text) { StandardStreams.endUnwritten(code: code) }
    }

    /// A line on standard output for whoever started this work, which is done whether that hears of it or not.
    @discardableResult
    static func tell(_ text: String) -> Terminal.Stream.Delivery {
        // By bytes: a CR and LF together are one Character, which a text of CSV ends with.
        let isEnded = text.utf8.last == UInt8(ascii: "\n")
        return Terminal.Stream.output.write(isEnded ? text : text + "\n")
    }

    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// The columns that tables have room in: those of the terminal, or `COLUMNS` where that is set; nil where standard output is a
    /// file or a pipe, whose lines are as long as they are.
    static var tableWidth: Int? {
        let columns = Terminal.Stream.output.windowColumns
        guard Terminal.Stream.output.isTerminal || environment["COLUMNS"].flatMap({ Int($0) }) != nil else {
            return nil
        }
        return Terminal.width(environment: environment, windowColumns: columns)
    }

    /// Prints a table to standard output, as wide as that is, coloured where it is a terminal.
    static func give(_ table: Table) {
        let style = Terminal.Style.decided(environment: environment, isTerminal: Terminal.Stream.output.isTerminal)
        put(table.text(.decided(environment: environment), style: style, fitting: tableWidth))
    }
}
