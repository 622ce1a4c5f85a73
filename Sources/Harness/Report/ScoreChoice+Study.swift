extension ScoreChoice {
    /// What a study's table shows: the columns that it asks for, or the few that tell most.
    public init(columns: [String]?) { self = columns.map(ScoreChoice.named) ?? .few }

    /// What the study of a folder of results asks for; the few that tell most where it does not say.
    public static func asked(in folder: String) -> ScoreChoice {
        ScoreChoice(columns: (try? StudyOutline.read(from: folder))?.columns)
    }
}
