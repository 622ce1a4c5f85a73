import Results
import Study

extension ArmComparison {
    /// A row for each arm and quantity: each study's mean over seeds, and the difference to the first with its interval.
    ///
    /// Arms are the same where they have the same values on the same axes, and so are seeds. An arm that only some studies have
    /// has empty cells for the others.
    var arms: Table {
        let records = subjects.map { $0.records.filter { $0.outcome == .done } }
        let axes = StudyTable.axes(of: records.flatMap { $0 })
        let letters = subjects.indices.map(Self.letter)
        var table = Table(
            columns: StudyTable.columns(for: axes) + [.init("score", alignment: .left)] + letters.map { .init($0) }
                + letters.dropFirst().flatMap { letter -> [Table.Column] in
                    [.init("\(letter) − A"), .init("95 % from"), .init("to"), .init("pairs")]
                })
        let all = StudyTable.arms(of: records.flatMap { $0 }, along: axes)
        for (labels, _) in StudyTable.sorted(all, by: sort).prefix(top ?? .max) {
            for quantity in quantities {
                let values = records.map { Self.values(of: quantity, $0, axes, labels) }
                guard values.contains(where: { !$0.isEmpty }) else { continue }
                table.append(
                    StudyTable.cells(of: labels) + [.text(quantity.title)]
                        + values.map { .mean(of: $0.map(\.value)) }
                        + values.dropFirst().flatMap { Self.difference($0, to: values[0]) })
            }
        }
        return table.ranked(from: axes.count + 1 + 2)
    }

    /// The values of an arm by their seed.
    private static func values(
        of quantity: Quantity, _ records: [Record], _ axes: [String], _ labels: [String?]
    ) -> [(seed: String?, value: Double)] {
        records.filter { record in axes.map { record.run[$0] } == labels }.compactMap { record in
            quantity.value(of: record).map { (record.run[Study.seedAxis], $0) }
        }
    }

    /// The mean difference of pairs, the ends of its interval, and the number of pairs.
    private static func difference(
        _ values: [(seed: String?, value: Double)], to first: [(seed: String?, value: Double)]
    ) -> [Table.Cell] {
        let differences = values.compactMap { own in
            first.first { $0.seed == own.seed }.map { own.value - $0.value }
        }
        guard !differences.isEmpty else { return [.missing, .missing, .missing, .count(0)] }
        let difference = PairedDifference(differences, confidence: confidence)
        let interval = difference.interval
        return [
            .number(difference.mean), interval.map { .number($0.lowerBound) } ?? .missing,
            interval.map { .number($0.upperBound) } ?? .missing, .count(differences.count),
        ]
    }
}
