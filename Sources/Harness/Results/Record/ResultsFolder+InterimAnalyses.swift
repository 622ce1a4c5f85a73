import Study

extension ResultsFolder {
    /// The looks at a study's claims that were taken here, if it still has the seeds that they began with.
    package func interimAnalyses(at study: Study) -> InterimAnalyses? {
        guard let interimAnalyses = try? StudyManifest.read(from: self.study(study.name))?.interimAnalyses,
            interimAnalyses.own == study.seeds
        else {
            return nil
        }
        return interimAnalyses
    }
}
