/// Align Your Flow (arXiv 2506.14603): a teacher's map between any two times.
extension Method {
    /// The tangent normalised with c = 0.1, ramped up to 0.99; a quarter of the rows at s = 0.
    public static let ayfEMD = Method(
        "ayfEMD",
        main: Term(
            states: .plainData, times: .reachingEnds, target: .eulerian(velocity: .teacher, warmUp: 0.1, highest: 0.99),
            weighting: .normalised), sampling: .map)

    /// The path's end moves as the teacher does there.
    public static let ayfLMD = Method(
        "ayfLMD",
        main: Term(
            states: .plainData, times: .triangle, target: .lagrangian(velocity: .teacher, derivative: .jvp),
            weighting: .plain), sampling: .map)
}
