import FlowMaps
import Storage
import Study

extension HDF5Dataset {
    /// Says beside a score what samples were measured against: "teacher" or "data"; nothing of a score that compares no sets.
    func setReference(of score: String) throws {
        guard let metric = Metric(score: score), metric.comparesSets || metric.comparesPairs else { return }
        let isOfData = ScoreName(score).metric.hasSuffix(Metric.dataSuffix)
        try setAttribute("reference", (isOfData ? MetricReference.data : .teacher).rawValue)
    }
}
