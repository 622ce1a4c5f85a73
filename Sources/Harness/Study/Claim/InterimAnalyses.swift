import Specification

/// The looks that are taken at a study's claims while seeds are added to it.
///
/// Who looks again and again finds something in the end, even where there is nothing. So each look has a share of the errors that the
/// study may make, in proportion to the seeds it adds: of at most N seeds, a look that raises them from m to n tests at (n − m) / N of
/// the significance. The shares add up to 1 at most, so by the union bound all looks together err no more often than one look at all of
/// it, however they depend on each other (error spending, Lan and DeMets, Biometrika 1983, with that bound in place of the joint distribution).
/// For this the sizes of the looks must not hang on what was found, and they do not: each is half as large again as the one before.
public struct InterimAnalyses: Codable, Hashable, Sendable {
    public struct InterimAnalysis: Codable, Hashable, Sendable {
        /// All seeds that it takes in, those of the looks before it first.
        public let seeds: [Int]
        /// Of the significance, from 0 to 1.
        public let share: Double
    }

    /// At least one; the first takes in the study's own seeds.
    public private(set) var taken: [InterimAnalysis]
    /// Seeds that the study may come to.
    public private(set) var most: Int

    /// The first look, at the study's own seeds.
    public init(at seeds: [Int], most: Int) {
        precondition(!seeds.isEmpty, "a look at no seeds")
        (taken, self.most) = ([], most)
        add(seeds)
    }

    /// The seeds of all looks.
    public var seeds: [Int] { taken.last!.seeds }

    /// The study's own seeds, and those that were added to them.
    public var own: [Int] { taken[0].seeds }
    public var added: [Int] { Array(seeds.dropFirst(own.count)) }

    /// These and one look more; nil where the study has as many seeds as it may.
    /// - Parameter most: seeds that it may come to, which may be others than before.
    public func adding(most: Int) -> InterimAnalyses? {
        let count = seeds.count
        guard count < most else { return nil }
        var interimAnalyses = self
        interimAnalyses.most = most
        let more = min(most, max(count + 1, (3 * count + 1) / 2)) - count
        let next = seeds.max()! + 1
        interimAnalyses.add(seeds + Array(next..<next + more))
        return interimAnalyses
    }

    private mutating func add(_ seeds: [Int]) {
        let before = taken.last?.seeds.count ?? 0
        let left = max(0, 1 - taken.reduce(0) { $0 + $1.share })
        // One seed has no spread to be tested with, and spends nothing.
        let share = seeds.count < 2 ? 0 : min(1, Double(seeds.count - before) / Double(max(1, most - before)))
        taken.append(InterimAnalysis(seeds: seeds, share: left * share))
    }
}

extension InterimAnalyses {
    /// What a study's sweep is set to: `axes.seed=[0, 1, 2, 3]`.
    var setting: String { "axes.\(Study.seedAxis)=[\(seeds.map(String.init).joined(separator: ", "))]" }

    /// "--until-decided added seeds 3, 4"; nil where none was added.
    var text: String? {
        added.isEmpty ? nil : "--until-decided added seeds \(added.map(String.init).joined(separator: ", "))"
    }
}

extension Study {
    /// The seeds of its repetitions, in its order.
    package var seeds: [Int] {
        var seeds: [Int] = []
        for label in named.compactMap({ $0[Study.seedAxis] }) {
            if let seed = Int(label), !seeds.contains(seed) { seeds.append(seed) }
        }
        return seeds
    }

    /// The looks at its claims so far, or the first of them.
    /// - Parameter most: seeds that it may come to.
    /// - Throws: `SpecError` for a study without claims, and for one without seeds that could be added to.
    public func interimAnalyses(most: Int) throws(SpecError) -> InterimAnalyses {
        if let interimAnalyses { return interimAnalyses }
        let place = SpecMark.file(origin.files.first?.path ?? name, line: 1, column: 1)
        guard !claims.isEmpty else {
            throw SpecError(place, "nothing is to be decided: the study has no claims", allowed: "claims")
        }
        guard !seeds.isEmpty else {
            throw SpecError(
                place, "no seeds that others could be added to", allowed: "an axis of seeds, such as seed: [0, 1, 2]")
        }
        return InterimAnalyses(at: seeds, most: most)
    }
}
