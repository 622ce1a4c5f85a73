import Tensors
import FlowMaps
import Foundation

/// A released model that was read as a teacher, with what there is to say of how it was read.
package struct PublishedTeacher: Sendable {
    package let description: CheckpointDescription
    package let network: Network
    let shape: SiTShape
    let convention: PublishedSiT.Convention
    /// The evidence for the convention: "as its metadata say".
    let conventionSource: String
    /// The common beginning of its tensors' names in the file.
    let prefix: String
    /// Tensors of the file under the prefix that are no part of the model.
    let leftOut: [String]

    /// One forward pass that anybody can repeat: x_i = sin i over channels, rows and columns, t = 1/2, class 0, as the file's own
    /// convention has time and sign; [dimension].
    package func probe(on backend: any Backend) throws -> [Float] {
        let values = (0..<description.dimension).map { Float(sin(Double($0))) }
        let condition = Condition(labels: description.classes > 0 ? Tensor([0], shape: [1]) : nil)
        let velocity = LearnedVelocity(network)(
            Tensor(values, shape: [1, description.dimension]), at: Tensor([0.5], shape: [1, 1]), given: condition)
        let sign: Float = convention == .sit ? -1 : 1
        return try Tensor.materialized([velocity], on: backend)[0].map { sign * $0 }
    }

    /// The summary of the file, for messages.
    /// - Parameter backend: the backend on which the forward pass is computed.
    package func summary(on backend: any Backend) throws -> String {
        let heads = shape.heads == 1 ? "1 head" : "\(shape.heads) heads"
        let classes = description.classes == 0 ? "no classes" : "\(description.classes) classes"
        var lines = [
            "patch \(shape.patch), width \(shape.width), depth \(shape.depth), \(heads), \(classes), "
                + "convention \(convention.rawValue) (\(conventionSource))"
        ]
        if !prefix.isEmpty { lines.append("its tensors' names began with '\(prefix)', which was stripped") }
        if !leftOut.isEmpty {
            let names = leftOut.prefix(3).joined(separator: ", ") + (leftOut.count > 3 ? ", …" : "")
            lines.append(
                "\(leftOut.count) \(leftOut.count == 1 ? "tensor" : "tensors") left out that are no part of it (\(names))"
            )
        }
        let probe = try probe(on: backend).map(Double.init), count = Double(max(1, probe.count))
        let mean = probe.reduce(0, +) / count, norm = probe.reduce(0) { $0 + $1 * $1 }.squareRoot()
        func text(_ value: Double) -> String { String(format: "%.6g", value) }
        lines.append(
            "velocity at x_i = sin i, t = 1/2\(description.classes > 0 ? ", class 0" : ""): mean \(text(mean)), "
                + "norm \(text(norm)), first \(probe.prefix(5).map(text).joined(separator: " "))")
        return lines.joined(separator: "\n")
    }
}
