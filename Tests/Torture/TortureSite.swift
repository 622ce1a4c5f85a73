import Foundation
import Results
import TestSupport

/// A study, its undisturbed records, and what is done to others of it.
struct TortureSite {
    let folder: TemporaryFolder
    let deadline: Date

    /// Some tenths of a second of training a piece, so that kills hit every stage.
    private static let text = TinyStudy.digits.changing("steps: 40,", to: "steps: 1500,").changing(
        "student:\n    optimization: {steps: 20,", to: "student:\n    optimization: {steps: 1500,"
    ).changing("measurements: 2", to: "measurements: 5").changing("{steps: 20, batch", to: "{steps: 1500, batch")

    var study: String { folder.file("tiny.yaml") }

    private func undisturbed() throws -> [Record.Content] { try contents(folder.file("undisturbed")) }

    private func contents(_ results: String) throws -> [Record.Content] {
        let (records, unreadable) = try ResultsFolder(results).records(of: results + "/tiny")
        guard unreadable.isEmpty else { throw Disturbance("not readable: \(unreadable)") }
        return records.map(\.content)
    }

    /// Writes the study and carries it out once in peace.
    func begin() throws {
        try Data(Self.text.utf8).write(to: URL(fileURLWithPath: study))
        let code = try AblateRun(study, folder.file("undisturbed")).finish()
        guard code == 0 else { throw Disturbance("the undisturbed run ended with \(code)") }
    }

    /// Carries out the study with a few faults, then to its end, and compares; then damages what is there, and once more.
    func round(_ number: Int, _ faults: inout Faults, upTo most: Faults, _ random: inout SplitMix) throws {
        let results = folder.file("round-\(number)")
        var isDamaged = false
        for _ in 0..<Int.random(in: 4...10, using: &random) where faults.kills < most.kills && Date() < deadline {
            try kill(results, &random)
            faults.kills += 1
            // Of what was damaged by hand nothing is promised before somebody reads it.
            if !isDamaged, let fault = VisibleFiles.faults(in: results).first { throw Disturbance(fault) }
            if faults.corruptions < most.corruptions, Int.random(in: 0..<4, using: &random) == 0 {
                faults.corruptions += damage(results, &random)
                isDamaged = true
            }
        }
        try conclude(results, &faults)
        // Once more when the files are so old that they are not read again, and it is a look at them that has to tell of damage.
        Thread.sleep(forTimeInterval: 2.1)
        try conclude(results, &faults)
        for _ in 0..<Int.random(in: 2...6, using: &random) where faults.corruptions < most.corruptions {
            faults.corruptions += damage(results, &random)
        }
        try conclude(results, &faults)
        try FileManager.default.removeItem(atPath: results)
    }

    /// Begins a run, or two at once, and kills some of its processes at a random moment.
    private func kill(_ results: String, _ random: inout SplitMix) throws {
        let runs = try (0..<Int.random(in: 1...5, using: &random) / 5 + 1).map { _ in try AblateRun(study, results) }
        usleep(UInt32.random(in: 20_000...700_000, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: runs[0].killLauncher()
        case 1: runs.forEach { $0.killAll() }
        default:
            // A worker alone, or its host with it: the run goes on with the others.
            let hosts = runs[0].hosts, workers = hosts.flatMap(childProcesses)
            if let process = (hosts + workers).randomElement(using: &random) { Foundation.kill(process, SIGKILL) }
            usleep(UInt32.random(in: 0...300_000, using: &random))
            runs.forEach { $0.killAll() }
        }
        for run in runs { _ = try run.finish() }
    }

    /// Damages a file of the results.
    /// - Returns: 1, or 0 where there is none yet.
    private func damage(_ results: String, _ random: inout SplitMix) -> Int {
        let files = (FileManager.default.enumerator(atPath: results)?.compactMap { $0 as? String } ?? []).sorted()
            .filter {
                ($0.hasSuffix(".h5") || $0.hasSuffix(".journal")) && !$0.contains(".aside-")
            }
        guard let name = files.randomElement(using: &random) else { return 0 }
        let url = URL(fileURLWithPath: "\(results)/\(name)")
        guard var bytes = try? Data(contentsOf: url), !bytes.isEmpty else { return 0 }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))
        case 1: bytes = Data()
        default: bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        return (try? bytes.write(to: url)) == nil ? 0 : 1
    }

    /// Carries the study out to its end, and compares the records.
    /// - Parameters:
    ///   - log: of what the run says; nil beside the results.
    ///   - retriesFailed: whether what failed for good is tried again.
    func conclude(
        _ results: String, log: String? = nil, _ faults: inout Faults, retriesFailed: Bool = true
    ) throws {
        let code = try AblateRun(study, results, log: log, retriesFailed: retriesFailed).finish()
        guard code == 0 else { throw Disturbance("\(results): the last run ended with \(code)") }
        guard try contents(results) == undisturbed() else { throw Disturbance("\(results): a record is another") }
        faults.conclusions += 1
    }
}

/// A process of `ablate run` that goes on until it is killed or done.
final class AblateRun {
    private let process = Process()
    private let log: String

    /// The program beside this one.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("ablate").path

    /// A debug build of the program leaves out the guard that `ABLATE_TORTURED_BREAKAGE` names (`Breakage`), and this one none.
    static let environment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment
        environment["ABLATE_BREAKAGE"] = environment["ABLATE_TORTURED_BREAKAGE"]
        return environment
    }()

    /// Seconds after which a run of the tiny study hangs.
    private static let patience = 180.0

    init(_ study: String, _ results: String, log: String? = nil, retriesFailed: Bool = true) throws {
        self.log = log ?? results + ".log"
        _ = FileManager.default.createFile(atPath: self.log, contents: nil)
        process.executableURL = URL(fileURLWithPath: Self.executable)
        process.arguments =
            ["run", study, "--results", results, "--jobs", "2", "--checkpoint", "0.03"]
            + (retriesFailed ? ["--retry-failed"] : [])
        process.environment = Self.environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = FileHandle(forWritingAtPath: self.log)
        process.standardError = errors
        try process.run()
        // A disk with a file that is open to be written could not be made read-only.
        try errors?.close()
    }

    /// Waits for the end.
    /// - Returns: the exit code, or minus the signal.
    func finish() throws -> Int32 {
        guard process.waits(seconds: Self.patience) else {
            killAll()
            process.waitUntilExit()
            throw Disturbance("\(log): hung", isHang: true)
        }
        let code = process.terminationStatus
        if process.terminationReason == .uncaughtSignal { return -code }
        if code == 70 { throw Disturbance((try? String(contentsOfFile: log, encoding: .utf8)) ?? "defect") }
        return code
    }

    func killLauncher() { kill(process.processIdentifier, SIGKILL) }

    func killAll() {
        let hosts = hosts
        killLauncher()
        for host in hosts { kill(host, SIGKILL) }
    }

    /// The hosts of its work that are not over.
    var hosts: [pid_t] { childProcesses(of: process.processIdentifier) }
}
