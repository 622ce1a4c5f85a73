import Study

extension ScoreChoice {
    /// What the study of a folder of results asks for; the few that tell most where it does not say.
    package static func asked(in folder: String) -> ScoreChoice {
        ScoreChoice(columns: (try? StudyManifest.read(from: folder))?.columns)
    }
}
