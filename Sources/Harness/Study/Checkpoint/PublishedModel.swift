import Tensors
import FlowMaps
import Foundation

/// A released model that was read as a teacher or a student, with what there is to say of how it was read.
package struct PublishedModel: Sendable {
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
    /// The file has diffusers' names.
    let isDiffusers: Bool

    /// One forward pass that anybody can repeat: x_i = sin i over channels, rows and columns, t = 1/2, class 0, as the file's own
    /// convention has time and sign; of a student with the step's end at 0, of a network that predicts noise itself in the middle of
    /// its steps; [dimension].
    package func probe(on backend: any Backend) throws -> [Float] {
        let values = (0..<description.dimension).map { Float(sin(Double($0))) }
        var condition = Condition(labels: description.classes > 0 ? Tensor([0], shape: [1]) : nil)
        let x = Tensor(values, shape: [1, description.dimension])
        func time(_ value: Float) -> Tensor { Tensor([value], shape: [1, 1]) }
        let velocity: Tensor
        switch network {
        case .noisePrediction(let inner):
            velocity = inner.network(x, time: time(Float(probedStep)), duration: nil, condition)
        default:
            condition.guidance = time(1)
            velocity = network(x, time: time(0.5), duration: network.isMap ? time(0.5) : nil, condition)
        }
        let sign: Float = convention == .sit ? -1 : 1
        return try Tensor.materialized([velocity], on: backend)[0].map { sign * $0 }
    }

    private var probedStep: Int { predictsNoise.map { $0.steps / 2 } ?? 0 }

    /// The schedule of a network that predicts noise; nil of a velocity.
    private var predictsNoise: NoiseSchedule? {
        if case .noisePrediction(let inner) = network { inner.schedule } else { nil }
    }

    /// The forward pass of `probe`, in words.
    private var probedPlace: String {
        if predictsNoise != nil { return "noise at x_i = sin i, step \(probedStep)" }
        let embedded = network.embeddedScalars
        return "velocity at x_i = sin i, t = 1/2" + (network.isMap ? ", step of 1/2" : "")
            + (embedded.contains(.guidance) ? ", guidance 1" : "")
    }

    /// How the file was read, beside its sizes.
    private var notes: [String] {
        var notes: [String] = []
        if isDiffusers { notes.append("diffusers' names, and its frequencies of time") }
        if let norm = shape.qkNorm {
            notes.append("queries and keys have a \(norm == .layerNorm ? "layer norm" : "root-mean-square norm")")
        }
        if let schedule = predictsNoise {
            let times = schedule.times
            notes.append(
                "it predicts noise, read as a velocity: its \(schedule.steps) steps lie at t from "
                    + "\(String(format: "%.4g", times[0])) to \(String(format: "%.4g", times[times.count - 1]))")
        }
        return notes
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
        lines += notes
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
            "\(probedPlace)\(description.classes > 0 ? ", class 0" : ""): mean \(text(mean)), "
                + "norm \(text(norm)), first \(probe.prefix(5).map(text).joined(separator: " "))")
        return lines.joined(separator: "\n")
    }
}
