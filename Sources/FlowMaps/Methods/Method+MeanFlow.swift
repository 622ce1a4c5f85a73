/// MeanFlow's identity, F = v − (t − s) dF/dt, for maps between any two times.
extension Method {
    /// arXiv 2505.13447: three rows of four with s = t, k = 1 and ε = 0.01 of the sum of squares, of data velocities.
    public static let meanFlow = Method(
        "meanFlow", start: .untrained,
        main: Term(
            states: .plainData, times: .pair(first: .covered(-0.4, 1), second: .covered(-0.4, 1), equal: 0.75),
            target: .eulerian(velocity: .conditional, warmUp: 0),
            weighting: .adaptive(power: 1, epsilon: 0.01, over: .sum)),
        sampling: .map)

    /// The same with the teacher's velocity, without the adaptive weight that a noisy one needs.
    public static let meanFlowFromTeacher = Method(
        "meanFlowFromTeacher",
        main: Term(
            states: .plainData, times: .pair(first: .everywhere, second: .everywhere, equal: 0.25),
            target: .eulerian(velocity: .teacher, warmUp: 0), weighting: .plain), sampling: .map)

    /// arXiv 2510.24474: flow matching and MeanFlow on rows of their own, from a trained teacher, in a network whose first 20 of 28
    /// blocks see t and whose others see s; both losses under Cauchy's distribution with a learned scale.
    public static let decoupledMeanFlow = Method(
        "decoupledMeanFlow",
        main: Term(
            states: .plainData, times: .pair(first: .covered(0.4, 1), second: .covered(-1.2, 1), equal: 0),
            target: .eulerian(velocity: .conditional, warmUp: 0), weighting: .cauchy),
        secondTerm: SecondTerm(
            share: 0.5,
            term: Term(
                states: .plainData, times: .diagonal(times: .covered(0, 1)), target: .direct(velocity: .conditional),
                weighting: .cauchy)), sampling: .map, form: MapForm(conditioning: .decoupled(early: 5.0 / 7)))
}

extension Weighting {
    /// A scale that is learned at the student's rate, of slow features: the distribution of a loss changes slowly over time.
    fileprivate static let cauchy = Weighting(
        space: .velocity, residual: .plain, time: .one,
        learned: LearnedWeight(
            form: .cauchy, times: Frequencies(count: 8, lowest: 0.5, highest: 6), learningRateRatio: 1))
}
