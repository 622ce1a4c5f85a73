import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

/// Runs the programs of one stage: gives each a folder of samples, and reads its answers.
///
/// A program's folder is `cache/plug-ins/<stage>/<number>`, one for the whole stage, and goes with it. It holds
/// `samples.npz`, `reference.npz` beside it for scores, the same in the other forms that the study asks for, and
/// `specification.json`.
final class PlugInHost {
    private let folder: String
    /// From the first program on, so that nobody takes the folder for one that is left over.
    private var hold: FolderHold?
    private let log: String
    private let specification: Stage
    private let source: DatasetSource
    /// Called while a program runs: reports progress, and throws to end it.
    private let report: (String) throws -> Void
    /// The folders of the programs, and the reference that lies in each.
    private var places: [PlugIn: String] = [:]
    private var hasReference: Set<PlugIn> = []

    /// - Throws: `PlugInObstacle` where the stage's programs are not allowed, or have changed.
    init(_ stage: Stage, of source: DatasetSource, by worker: Worker, report: @escaping (String) throws -> Void) throws
    {
        let results = worker.results
        folder = "\(results.plugIns)/\(stage.identity.hex.prefix(24))"
        (log, specification, self.source, self.report) = (results.log(stage), stage, source, report)
        let programs = stage.plugIns
        guard !programs.isEmpty else { return }
        guard worker.workerOptions.allowsCommands else { throw PlugInObstacle.notAllowed(programs) }
        do { for program in programs { try program.checkContent() } } catch {
            throw PlugInObstacle(description: "\(error)")
        }
        // What a killed worker has left is of unknown state.
        try? FileManager.default.removeItem(atPath: folder)
        try ResultsFolder.create(parentFolder(of: log))
    }

    /// Removes the programs' folders.
    func close() { if !places.isEmpty { try? FileManager.default.removeItem(atPath: folder) } }

    /// Samples of the data's shape and range.
    func arrays(_ values: [Float], labels: [Int]?) -> SampleArrays {
        SampleArrays(
            values: values, dimension: source.dimension, image: source.image, range: source.valueRange, labels: labels)
    }

    /// The numbers that a program answers about samples, in the order of its names.
    /// - Parameters:
    ///   - reference: what they are compared with; made once.
    ///   - subject: what the samples are, in words.
    func scores(
        by program: PlugIn, of samples: SampleArrays, against reference: () throws -> SampleArrays, subject: String
    ) throws -> [Double] {
        let place = try place(of: program)
        if hasReference.insert(program).inserted { try write(reference(), "reference", for: program, to: place) }
        try call(program, samples, subject, in: place)
        return try answer(of: program) {
            guard let text = try PlugInAnswer.text(of: "\(place)/scores.json") ?? PlugInAnswer.text(of: output(place))
            else { throw PlugInAnswer.Refusal(found: "answered nothing", allowed: "scores") }
            return try PlugInAnswer.scores(program.scores ?? [], in: text)
        }
    }

    /// The features [count, width] that a program answers of samples.
    func features(by program: PlugIn, of samples: SampleArrays, subject: String) throws -> (values: [Float], width: Int)
    {
        let place = try place(of: program)
        try call(program, samples, subject, in: place)
        return try answer(of: program) {
            try PlugInAnswer.features("\(place)/features.npy", count: samples.count)
        }
    }

    /// The numbers [count] by which a search chooses among samples; more is better.
    func verdicts(by program: PlugIn, of samples: SampleArrays, subject: String) throws -> [Double] {
        let place = try place(of: program)
        try call(program, samples, subject, in: place)
        return try answer(of: program) { try PlugInAnswer.verdicts("\(place)/scores.npy", count: samples.count) }
    }

    private func answer<Answer>(of program: PlugIn, _ read: () throws -> Answer) throws -> Answer {
        do { return try read() } catch let refusal as PlugInAnswer.Refusal {
            throw failure(of: program, refusal.found, allowed: refusal.allowed)
        }
    }

    private func failure(of program: PlugIn, _ found: String, allowed: String) -> PlugInFailure {
        PlugInFailure(program: program.title, found: found, allowed: allowed, log: log)
    }

    private func place(of program: PlugIn) throws -> String {
        if let place = places[program] { return place }
        if hold == nil { hold = try FolderHold(creating: folder) }
        let place = URL(fileURLWithPath: "\(folder)/\(places.count)").path
        try ResultsFolder.create(place)
        places[program] = place
        return place
    }

    private func output(_ place: String) -> String { "\(place)/output.txt" }

    private func call(_ program: PlugIn, _ samples: SampleArrays, _ subject: String, in place: String) throws {
        for name in ["scores.json", "scores.npy", "features.npy"] {
            try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
        }
        try write(samples, "samples", for: program, to: place)
        try AtomicFile.write(
            description(of: program, samples, subject), to: "\(place)/specification.json", isDurable: false)
        let process = PlugInProcess(
            command: program.command + [place], folder: program.folder.text, output: output(place), log: log)
        var reported = -1.0
        let end = try process.run(timeout: program.timeout) { seconds in
            guard seconds - reported >= 0.2 else { return }
            reported = seconds
            try report("\(program.title), \(Int(seconds)) s")
        }
        try check(end, program, place)
    }

    private func check(_ end: PlugInProcess.End, _ program: PlugIn, _ place: String) throws {
        switch end {
        case .exited(0): return
        case .exited(let code): keepOutput(place); throw failure(of: program, "ended with \(code)", allowed: "0")
        case .killed(let signal):
            keepOutput(place)
            throw failure(of: program, "was ended by signal \(signal)", allowed: "an end by itself, with 0")
        case .late:
            keepOutput(place)
            throw failure(
                of: program, "gave no answer in \(NumberFormat.text(program.timeout)) s",
                allowed: "an answer within its timeout")
        }
    }

    /// Adds what a program that failed wrote on its standard output to the log.
    private func keepOutput(_ place: String) {
        guard let text = try? PlugInAnswer.text(of: output(place)), !text.isEmpty,
            let descriptor = try? FileKind.open(log, O_WRONLY | O_CREAT | O_APPEND, attempt: "open the log")
        else { return }
        defer { Foundation.close(descriptor) }
        try? Data((text.hasSuffix("\n") ? text : text + "\n").utf8).writeAll(to: descriptor, of: log)
    }

    private func write(_ samples: SampleArrays, _ name: String, for program: PlugIn, to place: String) throws {
        for format in program.formats ?? [.npz] {
            switch format {
            case .npz: try write(samples.archive(), to: "\(place)/\(name).npz", program)
            case .float32: try write(samples.float32Archive(), to: "\(place)/\(name)-float32.npz", program)
            case .png:
                guard samples.arePictures else {
                    throw failure(of: program, "asks for png of samples that are no pictures", allowed: "npz, float32")
                }
                let pictures = "\(place)/\(name)"
                try? FileManager.default.removeItem(atPath: pictures)
                try ResultsFolder.create(pictures)
                try samples.writePictures(to: pictures)
            }
        }
    }

    private func write(_ archive: Data?, to path: String, _ program: PlugIn) throws {
        guard let archive else {
            throw failure(of: program, "is given more than an npz file holds", allowed: "fewer samples")
        }
        try AtomicFile.write(archive, to: path, isDurable: false)
    }

    /// `specification.json`: what is asked, and the whole specification.
    private func description(of program: PlugIn, _ samples: SampleArrays, _ subject: String) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        var run: RunSpecification?, reference: ReferenceStage?
        switch specification {
        case .run(let stage): run = stage.run.specification
        case .reference(let stage): reference = stage
        case .teacher, .classifier, .training: break
        }
        return try encoder.encode(
            Description(
                subject: subject, samples: samples.count, scores: program.scores,
                reference: program.scores == nil ? nil : program.measuredAgainst.name, classes: source.classCount,
                range: samples.range.map { [$0.lowerBound, $0.upperBound] }, specification: run, teacher: reference))
    }

    private struct Description: Encodable {
        let subject: String
        let samples: Int
        let scores: [String]?
        let reference: String?
        let classes: Int
        let range: [Float]?
        let specification: RunSpecification?
        let teacher: ReferenceStage?
    }
}
