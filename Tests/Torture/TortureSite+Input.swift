import Foundation
import Storage
import TestSupport

/// Attacks by what is read: studies and records that were damaged or crafted.
extension TortureSite {
    /// Has mutated studies planned: each is planned, or refused as one that makes no sense.
    /// - Parameter onlyNumbers: whether only numbers are changed, to others at the edges of what numbers can be.
    func mutateStudies(_ count: Int, onlyNumbers: Bool, _ random: inout SplitMix) throws -> FaultKind {
        var kind = FaultKind(onlyNumbers ? "numbers at the edges" : "mutated studies")
        let texts = [TinyStudy.planar, TinyStudy.digits], file = folder.file("mutant.yaml")
        while kind.faults < count, Date() < deadline {
            let text = texts[kind.faults % texts.count]
            let bytes =
                onlyNumbers
                ? Array(StudyMutation.edged(text, &random).utf8) : StudyMutation.mutated(text, &random)
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            let end = try CommandEnd.of(["plan", "mutant.yaml", "--results", "no-results"], in: folder.path)
            kind.note(end, expected: [0, 65, 66], "mutant \(kind.faults): \(String(decoding: bytes, as: UTF8.self))")
        }
        return kind
    }

    /// Has crafted records, without their journals, shown, compared and reported: each is used or left out, and nothing is written
    /// outside.
    func craftRecords(_ count: Int, _ random: inout SplitMix) throws -> FaultKind {
        var kind = FaultKind("crafted records")
        let undisturbed = folder.file("undisturbed/tiny"), crafted = folder.file("crafted/tiny")
        let point = "objective=combined,seed=0", source = "\(undisturbed)/\(point)/run.h5"
        try FileManager.default.createDirectory(atPath: folder.file("crafted"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: undisturbed, toPath: crafted)
        let record = "\(crafted)/\(point)/run.h5"
        try FileManager.default.removeItem(atPath: "\(crafted)/\(point)/run.journal")
        let changes = try Self.changes(of: source), outside = Set(folder.names())
        for number in (0..<changes).shuffled(using: &random).prefix(count) where Date() < deadline {
            try FileManager.default.removeItem(atPath: record)
            try HDF5File.read(source) { original in
                var mutation = RecordMutation(number: number)
                try HDF5File.write(to: record) { try mutation.copy(original, to: $0) }
            }
            let verb = [
                ["show", "crafted/tiny"], ["report", "crafted/tiny", "--no-figures"], ["compare", record, source],
                ["convert", "crafted/tiny", "--to", "xarray"], ["convert", "crafted/tiny", "--to", "tensorboard"],
                ["diff", record, source],
            ][number % 6]
            let end = try CommandEnd.of(verb, in: folder.path)
            kind.note(end, expected: [0, 65, 66, 74], "change \(number), \(verb[0])")
            let names = Set(folder.names()).filter { !$0.hasPrefix("errors-") }
            if names != outside { kind.lost += 1 }
        }
        return kind
    }

    /// How many changes of a record there are.
    private static func changes(of record: String) throws -> Int {
        var low = 0, high = 1 << 16
        while low < high {
            let middle = (low + high) / 2
            if try isMade(middle, of: record) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func isMade(_ number: Int, of record: String) throws -> Bool {
        let copy = record + ".tried"
        defer { unlink(copy) }
        return try HDF5File.read(record) { original in
            var mutation = RecordMutation(number: number)
            try HDF5File.write(to: copy) { try mutation.copy(original, to: $0) }
            return mutation.isMade
        }
    }
}
