import Study

extension ResultsFolder {
    /// The looks at a study's claims that were taken here, if it still has the seeds that they began with.
    package func looks(at study: Study) -> Looks? {
        guard let looks = try? StudyManifest.read(from: self.study(study.name))?.looks, looks.own == study.seeds else {
            return nil
        }
        return looks
    }
}
