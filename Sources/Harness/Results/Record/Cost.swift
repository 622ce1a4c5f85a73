import Specification
import Storage
import Study

/// What work has cost, as its processes measured it.
public struct Cost: Hashable, Sendable {
    /// Pieces of work.
    public var pieces = 0
    /// Seconds by the clock, and of the processor, of all pieces together.
    public var wallSeconds = 0.0, processorSeconds = 0.0
    /// MiB, of the largest.
    public var peakMemory = 0.0

    package init(pieces: Int = 0, wallSeconds: Double = 0, processorSeconds: Double = 0, peakMemory: Double = 0) {
        (self.pieces, self.wallSeconds) = (pieces, wallSeconds)
        (self.processorSeconds, self.peakMemory) = (processorSeconds, peakMemory)
    }

    public static func + (left: Cost, right: Cost) -> Cost {
        Cost(
            pieces: left.pieces + right.pieces, wallSeconds: left.wallSeconds + right.wallSeconds,
            processorSeconds: left.processorSeconds + right.processorSeconds,
            peakMemory: max(left.peakMemory, right.peakMemory))
    }
}

extension Cost {
    /// Of one run.
    init(of provenance: Provenance) {
        self.init(
            pieces: 1, wallSeconds: provenance.wallSeconds, processorSeconds: provenance.processorSeconds,
            peakMemory: provenance.peakMemory)
    }

    private static let names = ["wallSeconds", "processorSeconds", "peakMemoryMiB"]

    func write(to group: HDF5Group) throws {
        for (name, value) in zip(Self.names, [wallSeconds, processorSeconds, peakMemory]) {
            try group.setAttribute(name, value)
        }
    }

    /// Nil where the group does not say.
    package init?(_ group: HDF5GroupReader) throws {
        let known = try group.attributeNames()
        guard Self.names.allSatisfy(known.contains) else { return nil }
        let values = try Self.names.map { try group.number($0) }
        self.init(pieces: 1, wallSeconds: values[0], processorSeconds: values[1], peakMemory: values[2])
    }
}

extension StudyResults {
    /// What its records have cost together.
    public var cost: Cost { records.reduce(Cost()) { $0 + Cost(of: $1.provenance) } }

    /// What they were made from, each piece once, which other studies may share: as far as the files still say.
    public var sharedCost: Cost {
        let results = ResultsFolder(parentFolder(of: folder).isEmpty ? "." : parentFolder(of: folder))
        var seen: Set<Stage> = []
        // A run's own training is part of what the run has cost.
        return records.flatMap { Stage.run(RunStage(run: $0.run)).needs }
            .filter { if case .training = $0 { false } else { seen.insert($0).inserted } }
            .compactMap { CachedFile.cost(results.product($0)) }.reduce(Cost(), +)
    }
}
