import Foundation
import Specification
import Study

/// All of a record but its large arrays, in some kilobytes that are decoded ten times as fast as the record is read.
struct RecordSummary: Codable {
    /// The layout, raised when it or what it contains changes.
    static let schema = "ablate.summary/1"

    /// The run in JSON, as requests of work have it.
    private let run: Data
    private let identity: Identity
    private let outcome: Record.Outcome
    private let training, evaluation: CurveBytes
    private let reference: ReferenceScores
    private let features: FeatureSource?
    private let drift: Drift?
    private let search: SearchCurves?
    private let provenance: Provenance
    private let lengths: RecordArrays.Lengths

    private init(_ record: Record) throws {
        run = try JSONEncoder().encode(record.run)
        (identity, outcome) = (record.identity, record.outcome)
        (training, evaluation) = (CurveBytes(record.training), CurveBytes(record.evaluation))
        (reference, features, drift) = (record.reference, record.features, record.drift)
        (search, provenance, lengths) = (record.search, record.provenance, record.lengths)
    }

    /// A binary property list, which keeps every bit of numbers, also of those that are not finite; nil for a record that it cannot
    /// say.
    static func bytes(of record: Record) -> Data? {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return try? encoder.encode(RecordSummary(record))
    }

    /// The record whose summary it is; nil for bytes that are none.
    /// - Parameter path: the record's file, from which its arrays are read when somebody asks for them.
    static func record(_ bytes: Data, in path: String) -> Record? {
        guard let summary = try? PropertyListDecoder().decode(RecordSummary.self, from: bytes),
            let run = try? JSONDecoder().decode(Run.self, from: summary.run)
        else { return nil }
        var record = Record(
            run: run, identity: summary.identity, outcome: summary.outcome, training: summary.training.curves,
            evaluation: summary.evaluation.curves, reference: summary.reference, features: summary.features,
            drift: summary.drift, search: summary.search, samples: nil, provenance: summary.provenance)
        record.arrays = RecordArrays(summary.lengths, in: path)
        return record
    }
}

/// Curves with a list of numbers as its bytes.
private struct CurveBytes: Codable {
    let names: [String]
    let steps: Data
    let columns: [Data]

    init(_ curves: Curves) {
        names = curves.names
        steps = curves.steps.withUnsafeBytes { Data($0) }
        columns = curves.columns.map { $0.withUnsafeBytes { Data($0) } }
    }

    var curves: Curves {
        var curves = Curves(names: names)
        curves.steps = Self.numbers(steps)
        curves.columns = columns.map { Self.numbers($0) }
        return curves
    }

    private static func numbers<Number: BitwiseCopyable>(_ bytes: Data) -> [Number] {
        let count = bytes.count / MemoryLayout<Number>.stride
        return [Number](unsafeUninitializedCapacity: count) { buffer, filled in
            _ = bytes.copyBytes(to: buffer)
            filled = count
        }
    }
}
