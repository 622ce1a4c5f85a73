import FlowMaps
import Tensors

/// `data: {planar: {set: rings, count: 10000}}`: `count` samples of a set of the plane, the same in every run.
package struct PlanarFormat: DatasetFormat {
    package static let name = "planar"
    package let set: PlanarSet
    package let count: Int

    package enum CodingKeys: String, CodingKey, CaseIterable { case set, count }

    package init(set: PlanarSet, count: Int) { (self.set, self.count) = (set, count) }

    package func validate() throws(Violation) { try require(count, "count", atLeast: 1, atMost: Most.setSize) }

    package var image: ImageShape? { nil }
    package var classCount: Int { 0 }
    package var valueRange: ClosedRange<Float>? { nil }
    package var planarSet: PlanarSet? { self.set }
    package var knownCount: Int? { count }

    /// The samples without their components as classes: they are learned as one distribution.
    package func load() -> Dataset {
        set.dataset(count: count, key: RandomKey(seed: 0).folding("data set").folding(set.rawValue)).unlabelled
    }
}
