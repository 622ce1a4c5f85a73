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
        case is SpecError: code = badSpecification
        case is InputError: code = missingInput
        case is FileError, is HDF5Error, is PlotError, is SlurmError: code = cannotWrite
        case is RecordError, is DataError, is CheckpointError: code = badSpecification
        case is ExitCode: return error
        default: code = defect
        }
        Console.say("error: \(error)")
        return code
    }
}

/// The two streams of the command line.
enum Console {
    /// Prints a line for people, on standard error.
    static func say(_ text: String) { _ = Terminal.Stream.error.write(text + "\n") }

    /// Prints a line of results, on standard output.
    static func give(_ text: String) {
        // By bytes: a CR and LF together are one Character, which a text of CSV ends with.
        let isEnded = text.utf8.last == UInt8(ascii: "\n")
        _ = Terminal.Stream.output.write(isEnded ? text : text + "\n")
    }

    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Prints a table to standard output, coloured where that is a terminal.
    static func give(_ table: Table) {
        let style = Terminal.Style.decided(environment: environment, isTerminal: Terminal.Stream.output.isTerminal)
        give(table.text(.decided(environment: environment), style: style))
    }
}
