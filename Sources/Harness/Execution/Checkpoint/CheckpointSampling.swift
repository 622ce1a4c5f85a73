import Tensors
import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

/// The settings by which samples are drawn from a checkpoint.
package struct CheckpointSampling: Sendable {
    package let count: Int
    package let seed: Int
    /// The classes, drawn in turn; nil takes all.
    package let classes: [Int]?
    /// The sampler of a teacher or an auxiliary; nil for a student.
    package let sampler: Sampler?
    /// γ: the condition of a student with a guidance embedder, or the guidance scale of a teacher with classes.
    package let scale: Double?
    /// The interval of t in which a teacher is guided.
    package let interval: ClosedRange<Double>
    /// The steps that a student is sampled in, by the sampling of its method; at least 1.
    package let studentSteps: Int

    package init(
        count: Int, seed: Int, classes: [Int]? = nil, sampler: Sampler? = nil, scale: Double? = nil,
        interval: ClosedRange<Double> = 0...1, studentSteps: Int = 1
    ) {
        self.studentSteps = studentSteps
        (self.count, self.seed, self.classes) = (count, seed, classes)
        (self.sampler, self.scale, self.interval) = (sampler, scale, interval)
    }

    /// The samples drawn.
    package struct Samples: Sendable {
        /// [count · dimension].
        package let values: [Float]
        /// The noise that the samples were made from, [count · dimension].
        package let noise: [Float]
        package let labels: [Int]?
        /// Network evaluations a sample: a guided one counts two.
        package let evaluations: Int

        /// The samples that have a number that is not finite.
        /// - Parameter dimension: numbers of one sample.
        package func notFinite(dimension: Int) -> Int { NotFinite.count(of: values, dimension: dimension) }
    }

    /// Draws samples.
    /// - Parameter backend: what they are computed on.
    /// - Throws: `Violation` for a setting that the checkpoint does not support, by the name of the command's option;
    ///   `CheckpointError` for a classifier.
    package func draw(from checkpoint: Checkpoint, at path: String, on backend: any Backend) throws -> Samples {
        let (_, network) = try checkpoint.network(at: path)
        let description = checkpoint.description
        try checkMemory(description)
        return try samples(of: network, checkpoint, on: backend)
    }

    /// Copies of all samples that are in memory at a time: noise, state, velocity and result.
    private static let copies = 4.0

    private func checkMemory(_ description: CheckpointDescription) throws {
        let bytes = Self.copies * Double(MemoryLayout<Float>.stride) * Double(count) * Double(description.dimension)
        guard bytes > Double(RegularFile.mostBytes) else { return }
        throw Violation(
            key: "--count", found: "\(count) samples, which would need \(RegularFile.text(bytes: bytes))",
            allowed: "what fits in the \(RegularFile.text(bytes: Double(RegularFile.mostBytes))) of this machine")
    }

    private func samples(
        of network: Network, _ checkpoint: Checkpoint, on backend: any Backend
    ) throws -> Samples {
        let description = checkpoint.description
        let labels = try labels(of: description)
        let key = RandomKey(seed: UInt64(seed)).folding("sample")
        let start = key.normal(count: count * description.dimension)
        let noise = Tensor(start, shape: [count, description.dimension])
        let embedded = try embeddedScale(network, description)
        let condition = Condition(
            labels: labels.map { Tensor($0.map(Float.init), shape: [count]) },
            guidance: embedded.map { Tensor($0).broadcast(to: [count, 1]) })
        if network.isMap {
            guard sampler == nil else {
                throw Violation(
                    key: "--sampler", found: "a sampler", allowed: "none, as a student has that of its method")
            }
            let (map, sampling) = try student(network, of: checkpoint)
            let samples = sampling(map, noise: noise, given: condition, steps: studentSteps, key: key.folding("way"))
            let values = try Tensor.materialized([samples], on: backend)[0]
            return Samples(values: values, noise: start, labels: labels, evaluations: studentSteps)
        }
        guard let sampler else {
            throw Violation(
                key: "--sampler", found: "none", allowed: "euler, heun, adaptive or sde, as a teacher takes steps")
        }
        let guidance =
            embedded == nil
            ? scale.map { Guidance(scale: $0, from: interval.lowerBound, to: interval.upperBound) } : nil
        let run = try sampler.run(
            GuidedVelocity(LearnedVelocity(network), guidance), noise: noise, given: condition,
            key: key.folding("way"), on: backend)
        return Samples(
            values: run.values, noise: start, labels: labels, evaluations: run.evaluations(guidance: guidance))
    }

    /// The map of a student, and the way in which its method is sampled in several steps, by the specification that it was trained
    /// by.
    private func student(_ network: Network, of checkpoint: Checkpoint) throws -> (LearnedFlowMap, MapSampling) {
        // A student that was imported has no specification, and is a map between any two times.
        guard studentSteps > 1, checkpoint.origin != nil else { return (LearnedFlowMap(network), .map) }
        guard let specification = checkpoint.training else {
            throw Violation(
                key: "--steps", found: "\(studentSteps)",
                allowed: "1, as the checkpoint does not say by which method its student was trained")
        }
        guard !specification.student.method.isOneStepOnly else {
            throw Violation(
                key: "--steps", found: "\(studentSteps)",
                allowed: "1, as the student learned to set out from t = 1 alone")
        }
        return (specification.student.map(network), specification.student.sampling)
    }

    private func labels(of description: CheckpointDescription) throws -> [Int]? {
        guard description.classes > 0 else {
            guard classes == nil else {
                throw Violation(key: "--classes", found: "classes", allowed: "none, as the checkpoint has no classes")
            }
            return nil
        }
        let classes = classes ?? Array(0..<description.classes)
        if let stranger = classes.first(where: { !(0..<description.classes).contains($0) }) {
            throw Violation(key: "--classes", found: "\(stranger)", allowed: "from 0 to \(description.classes - 1)")
        }
        return (0..<count).map { classes[$0 % classes.count] }
    }

    /// The guidance scale that the network is conditioned on; nil where it embeds none.
    private func embeddedScale(_ network: Network, _ description: CheckpointDescription) throws -> Double? {
        if network.embeddedScalars.contains(.guidance) {
            guard let scale else {
                throw Violation(key: "--guidance", found: "none", allowed: "the scale that the network is told")
            }
            return scale
        }
        if let scale, scale != 1 {
            guard !network.isMap else {
                throw Violation(
                    key: "--guidance", found: "\(scale)", allowed: "none, as the student was trained for one scale")
            }
            guard description.classes > 0, description.labelDropout != 0 else {
                throw Violation(
                    key: "--guidance", found: "\(scale)", allowed: "none, as the teacher knows no missing class")
            }
        }
        return nil
    }
}

extension CheckpointSampling.Samples {
    /// Writes `samples.h5`, and `grid.png` where samples are images of one or three channels, in a folder.
    /// - Returns: the files written.
    /// - Throws: `FileError` where one of them is there already, `HDF5Error`, `PNGError`.
    package func write(
        _ checkpoint: Checkpoint, by sampling: CheckpointSampling, to folder: String
    ) throws -> [String] {
        let table = "\(folder)/samples.h5", picture = "\(folder)/grid.png"
        let description = checkpoint.description
        for path in [table, picture] { try refuseExisting(path, attempt: "write the samples") }
        try ResultsFolder.create(folder)
        let shape =
            [sampling.count]
            + (description.image.map { [$0.channels, $0.height, $0.width] } ?? [description.dimension])
        try HDF5File.write(to: table) { root in
            try root.setAttribute("checkpoint", checkpoint.hash)
            try root.setAttribute("seed", sampling.seed)
            try root.setAttribute("evaluations", evaluations)
            if let sampler = sampling.sampler {
                try root.setAttribute("sampler", try CanonicalEncoder().encode(sampler).yaml())
            }
            if let scale = sampling.scale { try root.setAttribute("guidance", scale) }
            try root.write("samples", values, shape: shape)
            try root.write("noise", noise, shape: [sampling.count, description.dimension])
            if let labels { try root.write("label", labels.map(Int64.init), shape: [labels.count]) }
        }
        guard let image = description.image, image.channels == 1 || image.channels == 3 else { return [table] }
        let range = description.range.map { Float($0.low)...Float($0.high) } ?? -1...1
        let grid = ImageGrid(
            values, shape: shape, valueRange: range, columns: 10, scale: max(1, 48 / max(image.height, image.width)))
        try grid.image.write(to: picture, text: [PNGImage.Text("Checkpoint", checkpoint.hash)])
        return [table, picture]
    }
}
