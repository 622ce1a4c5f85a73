import Specification
import Study

/// All that decides a run, taken apart: what its identity is the hash of, to say why two runs are not the same.
package struct RunFingerprint: Sendable {
    /// The specification in canonical form.
    let specification: CanonicalValue
    /// The version of each stage that has a part in the run, its own first.
    let versions: [Version]
    /// The shared work that it was made from, and the training that was judged.
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
        // What a teacher alone is made from is part of its own identity.
        let own = stage.reference.classifier.map { Stage.classifier($0) }
        let needs = Stage.run(stage).needs.filter { $0.kind != "classifier" || $0 == own }
        inputs = needs.map { Input(kind: $0 == weak ? "weakTeacher" : $0.kind, identity: $0.identity) }
        let stages = [.run(stage)] + needs.filter { $0 != weak }
        versions = stages.flatMap(\.stages).map { Version(stage: $0.name, number: $0.version) }
    }

    init(specification: CanonicalValue, versions: [Version], inputs: [Input]) {
        (self.specification, self.versions, self.inputs) = (specification, versions, inputs)
    }

    /// Why a run is not the one of older grounds: keys of the specification and versions of stages; where these are the same, what
    /// it is made from. Empty where all are the same.
    package func differences(from old: RunFingerprint) -> [Difference] {
        var differences = specification.differences(from: old.specification)
        for version in versions {
            // A record of before versions were kept does not say; one that had no such stage has other keys too.
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

    /// A number for each setting with its value, in ascending order: what two have in common is counted quickly.
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
