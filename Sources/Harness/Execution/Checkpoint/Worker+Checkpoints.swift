import Tensors
import FlowMaps
import Foundation
import Results
import Specification
import Study

extension Worker {
    /// Writes the student of a finished run beside its record, and its auxiliary where it has one: their moving
    /// averages.
    func leaveCheckpoints(
        _ student: Network, _ auxiliary: Network?, of stage: RunStage, data: TrainingData, range: ClosedRange<Float>?
    )
        throws
    {
        let specification = stage.run.specification
        let origin = try CanonicalEncoder().encode(specification).yaml()
        func leave(_ network: Network, _ role: CheckpointDescription.Role) throws {
            let description = CheckpointDescription(
                role: role,
                model: .network(
                    role == .student ? specification.studentNetwork : specification.teacher.network, network),
                for: data,
                range: range)
            let path = results.checkpoint(role, of: stage.run)
            // A student of another specification is moved aside, as its record is.
            if (try? Checkpoint(path))?.origin != origin { _ = try ResultsFolder.setAside(path) }
            // The record is written after them, and waits for them.
            try Checkpoint.write(network, description, origin: origin, to: path, isDurable: false)
        }
        try leave(student, .student)
        if let auxiliary { try leave(auxiliary, .auxiliary) }
    }
}

extension ResultsFolder {
    /// The path of a run's trained model, such as `student.safetensors` beside its record.
    func checkpoint(_ role: CheckpointDescription.Role, of run: Run) -> String {
        "\(point(run))/\(role.rawValue).safetensors"
    }

    /// The checkpoints beside a record.
    static func models(beside record: String) -> [(name: String, content: Data)] {
        [CheckpointDescription.Role.student, .auxiliary].compactMap { role in
            let name = "\(role.rawValue).safetensors"
            let path = "\(parentFolder(of: record))/\(name)"
            return FileManager.default.contents(atPath: path).map { (name, $0) }
        }
    }
}
