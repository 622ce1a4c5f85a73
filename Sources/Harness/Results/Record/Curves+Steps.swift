import FlowMaps
import Storage
import Study

/// Scores in several steps have names such as `frechetDistance@4` in memory, and are blocks over the numbers of steps
/// in files.
extension Curves {
    /// The numbers of steps above 1 of any score, rising.
    package var mapSteps: [Int] { Set(names.map { ScoreName($0).steps }).subtracting([1]).sorted() }

    /// The scores in one step, including those that do not depend on the number of steps.
    var inOneStep: Curves { choosing { $0.steps == 1 } }

    private func choosing(_ isChosen: (ScoreName) -> Bool) -> Curves {
        let places = names.indices.filter { isChosen(ScoreName(names[$0])) }
        var curves = Curves(names: places.map { names[$0] })
        (curves.steps, curves.columns) = (steps, places.map { columns[$0] })
        return curves
    }

    /// The metrics that are scored in more than one step, in their order.
    var metricsInSteps: [String] {
        var metrics: [String] = []
        for name in names.map(ScoreName.init) where name.steps > 1 && !metrics.contains(name.metric) {
            metrics.append(name.metric)
        }
        return metrics
    }

    /// Writes the scores in more than one step, a dataset [mapSteps, step] a metric; NaN where one has none.
    func writeInSteps(to group: HDF5Group, features: FeatureSource?) throws {
        let counts = mapSteps
        try group.writeScale("mapSteps", counts.map(Int64.init))
        try group.writeScale("step", steps.map(Int64.init))
        try group.setAttribute("columns", metricsInSteps)
        let none = [Double](repeating: .nan, count: steps.count)
        for metric in metricsInSteps {
            let block = counts.flatMap { self[ScoreName(metric, steps: $0).text] ?? none }
            let dataset = try group.write(
                metric, block, shape: [counts.count, steps.count], dimensions: ["mapSteps", "step"])
            if let features, Metric(score: metric)?.readsFeatures == true {
                try dataset.setAttribute("features", features.name)
            }
            try dataset.setReference(of: metric)
        }
    }

    /// Adds the scores in more than one step that a record has.
    mutating func readInSteps(_ group: HDF5GroupReader) throws {
        let counts = try group.read("mapSteps", as: Int64.self).values.map(Int.init)
        guard case .strings(let metrics) = try group.attribute("columns") else { return }
        let blocks = try metrics.map { name in
            let block = try group.read(name, as: Double.self)
            guard block.shape == [counts.count, steps.count] else {
                throw group.refusal("'\(name)' of shape \(block.shape)", "shape [\(counts.count), \(steps.count)]")
            }
            return block.values
        }
        guard counts.allSatisfy({ $0 > 1 }), zip(counts, counts.dropFirst()).allSatisfy({ $0 < $1 }),
            Set(metrics).count == metrics.count
        else { throw group.refusal("mapSteps \(counts)", "numbers of steps that rise from 2, each metric once") }
        for (index, count) in counts.enumerated() {
            for (metric, block) in zip(metrics, blocks) {
                names.append(ScoreName(metric, steps: count).text)
                columns.append(Array(block[index * steps.count..<(index + 1) * steps.count]))
            }
        }
    }
}

extension Scores {
    /// The same scores under names that contain the number of steps.
    package func named(steps: Int) -> Scores {
        Scores(zip(names, values).map { (ScoreName($0, steps: steps).text, $1) })
    }
}
