import Study

extension ScoreChoice {
    /// The choice that the study of a folder of results makes; the default where it makes none.
    package static func chosen(in folder: String) -> ScoreChoice {
        ScoreChoice(columns: (try? StudyManifest.read(from: folder))?.columns)
    }
}
