import Specification
import Study

/// Everything that decides a run, in parts: the content of its identity, so that differences between two runs can be
/// explained.
package struct RunFingerprint: Sendable {
    /// The specification in canonical form.
    let specification: CanonicalValue
    /// The version of each stage that contributes to the run, its own first.
    let versions: [Version]
    /// The shared products that it was made from, and the training that was evaluated.
    let inputs: [Input]

    struct Version: Sendable {
        let stage: String
        let number: Int
    }

    struct Input: Sendable {
        let kind: String
        let identity: Identity
    }

    package init(_ stage: RunStage) {
        specification = stage.run.specification.canonical
        let weak = stage.weakTeacher?.trained.map { Stage.teacher($0) }
        // The inputs of a teacher alone are part of its own identity.
        let own = stage.reference.classifier.map { Stage.classifier($0) }
        let needs = Stage.run(stage).needs.filter { $0.kind != "classifier" || $0 == own }
        inputs = needs.map { Input(kind: $0 == weak ? "weakTeacher" : $0.kind, identity: $0.identity) }
        let stages = [.run(stage)] + needs.filter { $0 != weak }
        versions = stages.flatMap(\.stages).map { Version(stage: $0.name, number: $0.version) }
    }

    /// The training that was evaluated; nil where a record does not say.
    var training: Identity? { inputs.first { $0.kind == "training" }?.identity }

    init(specification: CanonicalValue, versions: [Version], inputs: [Input]) {
        (self.specification, self.versions, self.inputs) = (specification, versions, inputs)
    }

    /// The differences from an older fingerprint: keys of the specification and versions of stages; where these are
    /// the same, inputs. Empty where all are the same.
    package func differences(from old: RunFingerprint) -> [Difference] {
        var differences = specification.differences(from: old.specification)
        for version in versions {
            // A record of an earlier version has no versions of stages; one without this stage differs in other keys too.
            guard let before = old.versions.first(where: { $0.stage == version.stage }), before.number != version.number
            else { continue }
            differences.append(
                Difference(
                    path: "version of the stage '\(version.stage)'", old: .int(Int128(before.number)),
                    new: .int(Int128(version.number))))
        }
        guard differences.isEmpty else { return differences }
        return inputs.compactMap { input in
            guard let before = old.inputs.first(where: { $0.kind == input.kind }), before.identity != input.identity
            else { return nil }
            return Difference(path: input.kind, old: .string(before.identity.short), new: .string(input.identity.short))
        }
    }

    /// A number for each setting with its value, in ascending order, by which common settings are counted quickly.
    package var leaves: [Int] {
        var result: [Int] = []
        specification.visitLeaves(at: "") { path, value in
            var hasher = Hasher()
            hasher.combine(path)
            hasher.combine(value)
            result.append(hasher.finalize())
        }
        return result.sorted()
    }
}

extension CanonicalValue {
    /// Calls `visit` for each scalar with the path to it.
    fileprivate func visitLeaves(at path: String, _ visit: (String, CanonicalValue) -> Void) {
        switch self {
        case .mapping(let fields):
            for field in fields { field.value.visitLeaves(at: "\(path).\(field.name)", visit) }
        case .sequence(let elements):
            for (index, element) in elements.enumerated() { element.visitLeaves(at: "\(path)[\(index)]", visit) }
        default: visit(path, self)
        }
    }
}

extension RunSpecification {
    /// The canonical form.
    var canonical: CanonicalValue {
        do { return try CanonicalEncoder().encode(self) } catch {
            preconditionFailure("a specification has a canonical form: \(error)")
        }
    }
}
