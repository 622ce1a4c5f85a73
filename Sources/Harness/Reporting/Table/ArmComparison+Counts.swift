import Results
import Study

extension ArmComparison {
    /// The subjects by their numbers of samples, where these differ in some arm and a compared score depends on them: such scores say
    /// nothing beside each other. Nil where they agree.
    package var unequalCounts: String? {
        let depends = quantities.contains { quantity in
            if case .score(let name) = quantity { ScoreName(name).dependsOnCount } else { false }
        }
        guard depends else { return nil }
        let areRuns = subjects.allSatisfy { if case .run = $0.content { true } else { false } }
        let records = subjects.flatMap(\.records), axes = areRuns ? [] : StudyTable.axes(of: records)
        for (labels, _) in StudyTable.arms(of: records, along: axes) {
            let counts = subjects.enumerated().compactMap { index, subject -> (String, Set<Int>)? in
                let own = subject.records.filter { record in axes.map { record.run[$0] } == labels }
                let counts = Set(own.map(\.run.specification.evaluation.samples))
                return counts.isEmpty ? nil : (Self.letter(index), counts)
            }
            guard Set(counts.flatMap(\.1)).count > 1 else { continue }
            return counts.map { letter, counts in
                "\(letter) of \(counts.sorted().map(String.init).joined(separator: " and ")) samples"
            }.joined(separator: ", ")
        }
        return nil
    }
}
