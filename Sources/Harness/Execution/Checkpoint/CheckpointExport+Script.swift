import Tensors
import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

extension CheckpointExport {
    /// Writes a script that samples an exported student beside its weights, and the run's samples with the noise that they are from:
    /// `NAME.py` and `NAME.samples.safetensors` for `NAME.safetensors`.
    /// - Parameter naming: the names of the tensors in the weights.
    /// - Returns: the new files, and why there are none where the network is none that the script knows.
    /// - Throws: `FileError` where one of them is there already.
    package func writeScript(
        beside weights: String, naming: Naming = .own, overwriting: Bool = false
    ) throws -> (
        files: [String], refusal: String?
    ) {
        let checkpoint = try Checkpoint(studentPath), specification = record.run.specification
        let script: StudentScript
        do {
            script = try StudentScript(
                checkpoint.description, student: specification.student,
                guidance: specification.evaluation.guidanceScale,
                from: studentPath)
        } catch let error as CheckpointError { return ([], error.found) }
        let stem = (weights as NSString).deletingPathExtension
        let path = "\(stem).py", samples = "\(stem).samples.safetensors"
        for file in [path, samples] {
            _ = try OutputFile(file, attempt: "export the student's script", overwriting: overwriting)
        }
        func name(_ path: String) -> String { (path as NSString).lastPathComponent }
        try Safetensors.write(
            storedSamples(script), metadata: [("format", "pt")], hashKey: "ablate.hash", to: samples)
        var convention: PublishedSiT.Convention?
        if case .published(let published) = naming { convention = published }
        let text = try script.text(weights: name(weights), samples: name(samples), convention: convention)
        try AtomicFile.write(Data(text.utf8), to: path)
        return ([path, samples], nil)
    }

    /// The samples that the record kept, with their noise and classes.
    private func storedSamples(_ script: StudentScript) -> [NamedTensor] {
        guard let kept = record.samples else { return [] }
        let specification = record.run.specification, shape = [kept.count, kept.dimension]
        let noise = EvaluationNoise(
            "evaluation", count: specification.evaluation.samples, dimension: kept.dimension,
            classes: specification.data.classCount, seed: specification.sharedSeed)
        let values = Array(noise.values.prefix(kept.count * kept.dimension))
        var tensors = [NamedTensor("noise", shape, values)]
        if let labels = kept.labels { tensors.append(NamedTensor("labels", [kept.count], labels.map(Float.init))) }
        for steps in kept.steps where steps == 1 || script.isDeterministic {
            guard let samples = kept.student(in: steps) else { continue }
            tensors.append(NamedTensor("samples.\(steps)", shape, samples))
        }
        return tensors
    }
}
