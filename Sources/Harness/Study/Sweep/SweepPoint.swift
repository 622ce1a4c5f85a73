import FlowMaps
import Specification

/// One run of a sweep: the value of each axis, and the base with those values in it.
public struct SweepPoint: Sendable {
    /// The value of a point on one axis.
    public struct Coordinate: Codable, Hashable, Sendable {
        /// The name of the axis.
        public let axis: String
        /// The value as it is written, an arm's name, or linked values joined by `+`.
        public let label: String
        /// The value of an axis over numbers, for curves along it.
        public let number: Double?

        package init(axis: String, label: String, number: Double?) {
            (self.axis, self.label, self.number) = (axis, label, number)
        }
    }

    /// In the order of the axes.
    public let coordinates: [Coordinate]
    /// The base with the point's changes, still to be decoded.
    package let tree: SpecTree

    /// `objective=combined,seed=0`, made of letters that any file system takes; `base` for a study without axes.
    public var name: String {
        Self.name(of: coordinates)
    }

    package static func name(of coordinates: [Coordinate]) -> String {
        coordinates.isEmpty ? "base" : coordinates.map { "\($0.axis)=\($0.label)" }.joined(separator: ",")
    }

    /// Folder names end at 255 bytes on common file systems; 55 are left for what else is put in a name.
    static let longestName = 200

    /// The label of an axis, nil when the sweep has no such axis.
    public subscript(axis: String) -> String? { coordinates.first { $0.axis == axis }?.label }

    /// Decodes the point's tree; errors name the point.
    package func decode<Value: Decodable>(
        _ type: Value.Type, using decoder: StrictDecoder = StrictDecoder()
    ) throws(SpecError) -> Value {
        do throws(SpecError) { return try decoder.decode(type, from: tree, at: "base") } catch {
            throw noting(error.completed(for: type, in: tree, at: "base"))
        }
    }

    /// A violation found in a value that was decoded from the point's tree, with its place.
    func refusal(_ violation: Violation) -> SpecError {
        noting(StrictDecoder.issue(violation, in: tree, at: KeyTrail(root: "base")))
    }

    private func noting(_ error: SpecError) -> SpecError {
        coordinates.isEmpty ? error : error.noting("in the run \(name)")
    }
}
