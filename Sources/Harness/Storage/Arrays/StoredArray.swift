import Foundation

/// An array in a file, whose rows are read on request.
package struct StoredArray {
    /// Its name in a file of several; "" in a file of one.
    package let name: String
    package let element: ArrayElement
    /// One count per axis, the first that of the rows.
    package let shape: [Int]
    /// Attributes that scale its numbers, where the format has some.
    package let attributes: [String: [Double]]
    /// All of its numbers are in the file's own bytes.
    package let isSelfContained: Bool
    private let source: any RowSource

    package init(
        name: String, element: ArrayElement, shape: [Int], attributes: [String: [Double]] = [:],
        isSelfContained: Bool = true, source: any RowSource
    ) {
        (self.name, self.element, self.shape, self.attributes) = (name, element, shape, attributes)
        (self.isSelfContained, self.source) = (isSelfContained, source)
    }

    /// Rows; 1 of an array without axes.
    package var count: Int { shape.first ?? 1 }
    /// Numbers of one row.
    package var rowSize: Int { shape.dropFirst().reduce(1, *) }

    /// The numbers of some rows in float32, rounded to the nearest where they were longer.
    package func floats(_ rows: Range<Int>) throws -> [Float] { try source.floats(rows, rowSize: rowSize) }

    /// The numbers of some rows as doubles.
    package func doubles(_ rows: Range<Int>) throws -> [Double] { try source.doubles(rows, rowSize: rowSize) }

    /// Ranges of rows that cover all, each of about `bytes` as floats.
    package func blocks(ofBytes bytes: Int = 1 << 26) -> [Range<Int>] {
        let step = max(1, bytes / max(1, 4 * rowSize))
        return stride(from: 0, to: count, by: step).map { $0..<min($0 + step, count) }
    }
}

/// The source of an array's rows.
package protocol RowSource {
    func floats(_ rows: Range<Int>, rowSize: Int) throws -> [Float]
    func doubles(_ rows: Range<Int>, rowSize: Int) throws -> [Double]
}

/// Rows that lie one after the other in memory, or in a file that is mapped into it.
package struct PackedRows: RowSource {
    private let bytes: Data
    private let numbers: PackedNumbers

    /// - Parameter bytes: as many as the array's shape and type need.
    package init(_ bytes: Data, _ numbers: PackedNumbers) { (self.bytes, self.numbers) = (bytes, numbers) }

    private func with<Result>(
        _ rows: Range<Int>, _ rowSize: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let size = rowSize * numbers.element.size, start = bytes.startIndex + rows.lowerBound * size
        return bytes[start..<start + rows.count * size].withUnsafeBytes(body)
    }

    package func floats(_ rows: Range<Int>, rowSize: Int) -> [Float] { with(rows, rowSize, numbers.floats) }

    package func doubles(_ rows: Range<Int>, rowSize: Int) -> [Double] { with(rows, rowSize, numbers.doubles) }
}
