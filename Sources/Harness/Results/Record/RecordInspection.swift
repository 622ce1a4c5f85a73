import Foundation
import Synchronization

/// The reading of records that nothing here vouches for, first by a process of its own: what a crafted or damaged file does to the
/// library that reads it, it does there.
///
/// A record that its journal has sealed, or that was read before and not touched since, is read without it; so is any where no
/// command was named, as in a program that uses the library.
package enum RecordInspection {
    private struct State {
        var command: [String] = []
        var inspector: Inspector?
        /// The files that were read without harm.
        var harmless: Set<String> = []
    }

    private static let state = Mutex(State())

    /// Has foreign records inspected by a command, which answers on standard output to each path on standard input
    /// (`RecordInspection.serve`).
    package static func use(_ command: [String]) { state.withLock { $0.command = command } }

    /// Seconds that a record may take to be read, and bytes of memory.
    static let mostSeconds = 30.0
    package static let mostBytes: UInt64 = 4 << 30

    /// - Throws: `RecordError` for a file that ended the process which read it, or took too long.
    static func check(_ path: String) throws {
        let fault = state.withLock { state -> String? in
            guard !state.command.isEmpty, FileManager.default.fileExists(atPath: path),
                !state.harmless.contains(path), (try? ResultsFolder.isVerified(path)) != true
            else { return nil }
            let inspector = state.inspector ?? Inspector(state.command)
            state.inspector = inspector
            switch inspector?.ask(path) {
            case .none: return "no process to inspect it with"
            case .answered:
                state.harmless.insert(path)
                return nil
            case .ended(let how):
                state.inspector = nil
                return how
            }
        }
        if let fault {
            throw RecordError(path: path, found: fault, allowed: "a record as it was written")
        }
    }

    /// Answers to the paths on standard input, one a line in JSON, until there are no more: tries to read each, and says when that is
    /// over. For the process that may end with it.
    package static func serve() {
        while let line = readLine() {
            if let path = try? JSONDecoder().decode(String.self, from: Data(line.utf8)) {
                _ = try? Record.read(path)
                _ = try? RunFingerprint.read(path)
                _ = CachedFile.identity(in: path)
            }
            print("read")
            fflush(nil)
        }
    }
}

/// A process that inspects one file after the other; asked by one thread at a time, the holder of the state.
private final class Inspector: @unchecked Sendable {
    enum Answer { case answered, ended(String) }

    private let process: Process
    private let questions, answers: Pipe

    /// Nil where it cannot be started.
    init?(_ command: [String]) {
        (process, questions, answers) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = questions
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        signal(SIGPIPE, SIG_IGN)
        guard (try? process.run()) != nil else { return nil }
        // Or its own copies would keep the pipes open when the process has ended.
        try? questions.fileHandleForReading.close()
        try? answers.fileHandleForWriting.close()
    }

    func ask(_ path: String) -> Answer {
        guard var line = try? JSONEncoder().encode(path) else { return .ended("a name that is no text") }
        line.append(UInt8(ascii: "\n"))
        guard (try? questions.fileHandleForWriting.write(contentsOf: line)) != nil else { return .ended(end()) }
        var watched = pollfd(fd: answers.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        let begun = ContinuousClock.now
        var found: CInt
        // A signal ends the wait early, and nothing else.
        repeat {
            let left = .seconds(RecordInspection.mostSeconds) - (ContinuousClock.now - begun)
            found = poll(&watched, 1, CInt(max(0, left / .milliseconds(1))))
        } while found < 0 && errno == EINTR
        guard found > 0 else {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            return .ended("what takes more than \(Int(RecordInspection.mostSeconds)) s to be read")
        }
        // One answer a question, in one piece: a pipe takes so few bytes at once.
        let answer = answers.fileHandleForReading.availableData
        return answer.isEmpty ? .ended(end()) : .answered
    }

    private func end() -> String {
        process.waitUntilExit()
        let how = process.terminationReason == .uncaughtSignal ? "signal \(process.terminationStatus)" : "its end"
        return "what ends the process that reads it (\(how))"
    }
}
