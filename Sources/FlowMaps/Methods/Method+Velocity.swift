/// Regression on the velocity of pairs of sample and noise, at one time or over the whole way.
extension Method {
    /// arXiv 2210.02747: the velocity alone, sampled in steps.
    public static let flowMatching = Method(
        "flowMatching", start: .untrained, main: .velocity(.diagonal(times: .everywhere)), sampling: .velocity)

    /// arXiv 2209.03003: on pairs of noise and the teacher's end point, at the ends.
    public static let kd = Method("kd", main: .velocity(.oneStep, states: .teacherPairs), sampling: .map)

    /// arXiv 2209.03003: on the whole straight path between such pairs.
    public static let reflow = Method(
        "reflow", main: .velocity(.diagonal(times: .everywhere), states: .teacherPairs), sampling: .velocity)
}
