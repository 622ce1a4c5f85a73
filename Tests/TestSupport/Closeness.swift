import Foundation

/// The largest difference between two lists of numbers, relative to the largest of the expected (or to 1 if that is smaller).
public func relativeDifference(_ found: [Double], _ expected: [Double]) -> Double {
    precondition(found.count == expected.count, "\(found.count) numbers are compared with \(expected.count)")
    let scale = max(1, expected.map(abs).max() ?? 1)
    return zip(found, expected).map { $0 == $1 ? 0 : abs($0 - $1) / scale }.reduce(0) {
        $1.isNaN ? .infinity : max($0, $1)
    }
}

/// How two lists of numbers differ, in one line that a failing expectation prints instead of the lists; nil where they do not:
///
///     #expect(mismatch(found, expected) == nil)
///
/// "at 17 of 4096: 0.25, expected 0.5; largest relative difference 0.125 at 19; 12 differ": the first place with both values, the
/// largest difference relative to the largest of the expected (or to 1 if that is smaller) with its place, and how many differ.
/// - Parameter tolerance: what no relative difference may reach; nil where every number is to be equal. NaN differs from all.
public func mismatch<Found: Collection, Expected: Collection>(
    _ found: Found, _ expected: Expected, within tolerance: Double? = nil
) -> String? where Found.Element: ComparedNumber, Found.Element == Expected.Element {
    mismatch([Array(found)], [Array(expected)], within: tolerance) { _, index in "\(index)" }
}

/// The same of lists of lists, such as the outputs of a program: a place is that of the list and that in it, "1[17]".
public func mismatch<Found: Collection, Expected: Collection, Number: ComparedNumber>(
    _ found: Found, _ expected: Expected, within tolerance: Double? = nil
) -> String?
where
    Found.Element: Collection, Found.Element.Element == Number, Expected.Element: Collection,
    Expected.Element.Element == Number
{
    mismatch(found.map { Array($0) }, expected.map { Array($0) }, within: tolerance) { "\($0)[\($1)]" }
}

private func mismatch<Number: ComparedNumber>(
    _ found: [[Number]], _ expected: [[Number]], within tolerance: Double?, place: (_ list: Int, _ index: Int) -> String
) -> String? {
    guard found.map(\.count) == expected.map(\.count) else {
        func counts(_ lists: [[Number]]) -> String {
            guard lists.count == 1 else { return "lists of \(lists.map(\.count)) numbers" }
            return lists[0].count == 1 ? "1 number" : "\(lists[0].count) numbers"
        }
        return "\(counts(found)), expected \(counts(expected))"
    }
    let scale = max(1, expected.joined().map { abs($0.asDouble) }.max() ?? 1)
    var first: String?, largest = (value: 0.0, place: ""), count = 0
    for list in found.indices {
        for (index, (value, other)) in zip(found[list], expected[list]).enumerated() where value != other {
            let gap = abs(value.asDouble - other.asDouble) / scale
            guard tolerance.map({ !(gap < $0) }) ?? true else { continue }
            count += 1
            first = first ?? "\(place(list, index)) of \(found.joined().count): \(value), expected \(other)"
            // NaN is larger than all.
            if largest.place.isEmpty || !largest.value.isNaN && !(gap <= largest.value) {
                largest = (gap, place(list, index))
            }
        }
    }
    return first.map {
        "at \($0); largest relative difference \(String(format: "%.3g", largest.value)) at \(largest.place); \(count) differ"
    }
}

/// A number that lists are compared by.
public protocol ComparedNumber: Equatable {
    /// The nearest number of float64.
    var asDouble: Double { get }
}

extension ComparedNumber where Self: BinaryFloatingPoint {
    /// The nearest number of float64.
    public var asDouble: Double { Double(self) }
}
extension ComparedNumber where Self: BinaryInteger {
    /// The nearest number of float64.
    public var asDouble: Double { Double(self) }
}
extension Float: ComparedNumber {}
extension Double: ComparedNumber {}
extension Int: ComparedNumber {}
extension UInt8: ComparedNumber {}
extension Int32: ComparedNumber {}
extension UInt32: ComparedNumber {}
extension UInt64: ComparedNumber {}

extension [Float] {
    /// The same numbers in float64.
    public var doubles: [Double] { map(Double.init) }
}

extension [Double] {
    /// The numbers rounded to float32.
    public var floats: [Float] { map(Float.init) }
}
