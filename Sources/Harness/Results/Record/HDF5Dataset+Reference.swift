import FlowMaps
import Storage
import Study

extension HDF5Dataset {
    /// Writes the set that a score was measured against as an attribute: "teacher", "data" or the name of a file of moments; nothing for a score
    /// that compares no sets.
    func setReference(of score: String) throws {
        let name = ScoreName(score).metric
        // A score of no metric's name is a plug-in's.
        let isCompared =
            Metric(score: score).map { $0.comparesSets || $0.comparesPairs } ?? !ScoreName.besideMetrics.contains(name)
        if isCompared { try setAttribute("reference", MetricReference.name(inScore: score)) }
    }
}
