import Specification

/// One inequality: paired differences that are below zero where it holds.
public struct PairedTest: Sendable {
    /// "objective=combined − objective=prediction".
    public let label: String
    /// The differences with their interval.
    public let difference: PairedDifference

    /// A test of differences, at least one, with the confidence of their interval.
    package init(_ label: String, _ differences: [Double], confidence: Double) {
        self.init(label: label, difference: PairedDifference(differences, confidence: confidence))
    }

    private init(label: String, difference: PairedDifference) { (self.label, self.difference) = (label, difference) }

    /// The test in a list of one; an empty one where there are no differences.
    package static func list(_ label: String, _ differences: [Double], confidence: Double) -> [PairedTest] {
        differences.isEmpty ? [] : [PairedTest(label, differences, confidence: confidence)]
    }

    /// The same under a label with the part of the runs that it is of.
    package func named(_ part: String?) -> PairedTest {
        part.map { PairedTest(label: "\($0): \(label)", difference: difference) } ?? self
    }

    /// "a − b: −0.31, 95 % from −0.44 to −0.18, effect −2.3, n 5".
    package var words: String {
        guard let interval = difference.interval else {
            return "\(label): \(NumberFormat.text(difference.mean)), one seed: no interval"
        }
        return
            "\(label): \(NumberFormat.text(difference.mean)), \(NumberFormat.text(100 * difference.confidence)) % from "
            + "\(NumberFormat.text(interval.lowerBound)) to \(NumberFormat.text(interval.upperBound)), effect "
            + "\(NumberFormat.text(difference.effect, digits: 2)), n \(difference.differences.count)"
    }
}
