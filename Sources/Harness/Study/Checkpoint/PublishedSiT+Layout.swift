import FlowMaps
import Foundation

extension PublishedSiT {
    /// The parameters of a change of layout.
    struct Layout {
        let image: ImageShape
        let shape: SiTShape
        let convention: Convention

        private var side: Int { shape.patch }
        private var sign: Float { convention == .sit ? -1 : 1 }

        /// A parameter [inputs, outputs], or as it is, in the published layout.
        func published(_ values: [Float], _ dimensions: [Int], _ kind: Kind) -> (shape: [Int], values: [Float]) {
            switch kind {
            case .vector, .table: return (dimensions, values)
            case .weight: return ([dimensions[1], dimensions[0]], transposed(values, rows: dimensions[0]))
            case .patchWeight:
                return (
                    [dimensions[1], image.channels, side, side], transposed(values, rows: dimensions[0])
                )
            case .timeWeight, .scalarWeight:
                let rows = featureRows(values, width: dimensions[1], isTime: kind == .timeWeight)
                return (
                    [dimensions[1], dimensions[0]],
                    transposed(reordered(rows, featureOrder, dimensions[1]), rows: dimensions[0])
                )
            case .outputWeight:
                let there = transposed(values, rows: dimensions[0])
                return (
                    [dimensions[1], dimensions[0]], reordered(there, outputOrder, dimensions[0]).map { sign * $0 }
                )
            case .outputBias: return (dimensions, reordered(values, outputOrder, 1).map { sign * $0 })
            }
        }

        /// A published tensor as a parameter of shape `dimensions`; undoes `published`.
        func own(_ values: [Float], _ dimensions: [Int], _ kind: Kind) -> [Float] {
            switch kind {
            case .vector, .table: return values
            case .weight, .patchWeight: return transposed(values, rows: dimensions[1])
            case .timeWeight, .scalarWeight:
                let rows = reordered(transposed(values, rows: dimensions[1]), inverse(featureOrder), dimensions[1])
                return featureRows(rows, width: dimensions[1], isTime: kind == .timeWeight)
            case .outputWeight:
                return transposed(
                    reordered(values, inverse(outputOrder), dimensions[0]).map { sign * $0 }, rows: dimensions[1])
            case .outputBias: return reordered(values, inverse(outputOrder), 1).map { sign * $0 }
            }
        }

        /// The shape that a parameter has there.
        func publishedShape(_ dimensions: [Int], _ kind: Kind) -> [Int] {
            switch kind {
            case .vector, .table, .outputBias: dimensions
            case .weight, .timeWeight, .scalarWeight, .outputWeight: [dimensions[1], dimensions[0]]
            case .patchWeight: [dimensions[1], image.channels, side, side]
            }
        }

        /// For each published feature the own one: cosines then sines of descending frequencies, of sines then cosines ascending.
        private var featureOrder: [Int] {
            let count = shape.times.count
            return (0..<count).map { 2 * count - 1 - $0 } + (0..<count).map { count - 1 - $0 }
        }

        /// For each published output the own one: pixels with the channels innermost, of channels with the pixels innermost.
        private var outputOrder: [Int] {
            let channels = shape.outputFactor * image.channels
            return (0..<side * side).flatMap { pixel in (0..<channels).map { $0 * side * side + pixel } }
        }

        /// Rows of sines and cosines of ωt as rows of those of ω(1 − t), where time runs back: with a sin ωt + b cos ωt the same
        /// function is a' sin ω(1 − t) + b' cos ω(1 − t), a' = b sin ω − a cos ω, b' = a sin ω + b cos ω. Undoes itself.
        private func featureRows(_ values: [Float], width: Int, isTime: Bool) -> [Float] {
            guard isTime, convention == .sit else { return values }
            var result = values
            for (index, angle) in shape.times.frequencies.enumerated() {
                let (sine, cosine) = (sin(angle), cos(angle))
                for column in 0..<width {
                    let first = index * width + column, second = (shape.times.count + index) * width + column
                    let (a, b) = (Double(values[first]), Double(values[second]))
                    result[first] = Float(b * sine - a * cosine)
                    result[second] = Float(a * sine + b * cosine)
                }
            }
            return result
        }

        private func transposed(_ values: [Float], rows: Int) -> [Float] {
            let columns = values.count / max(rows, 1)
            var result = [Float](repeating: 0, count: values.count)
            for row in 0..<rows {
                for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
            }
            return result
        }

        /// Rows of a width taken in an order.
        private func reordered(_ values: [Float], _ order: [Int], _ width: Int) -> [Float] {
            order.flatMap { values[$0 * width..<($0 + 1) * width] }
        }

        private func inverse(_ order: [Int]) -> [Int] {
            var result = order
            for (place, source) in order.enumerated() { result[source] = place }
            return result
        }
    }
}
