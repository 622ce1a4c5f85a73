import Study

extension ResultsFolder {
    /// The interim analyses of a study in this folder, if it still has the seeds that they began with.
    package func interimAnalyses(at study: Study) -> InterimAnalyses? {
        guard let interimAnalyses = try? StudyManifest.read(from: self.study(study.name))?.interimAnalyses,
            interimAnalyses.own == study.seeds
        else {
            return nil
        }
        return interimAnalyses
    }
}
