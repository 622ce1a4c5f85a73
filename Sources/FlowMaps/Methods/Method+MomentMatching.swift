/// Inductive moment matching: the distributions of groups of samples agree.
extension Method {
    /// arXiv 2503.07565, table 5 for ImageNet: groups of four, k = 12, a = 1, b = 4.
    public static let imm = Method(
        "imm", start: .untrained,
        main: Term(
            states: .plainData, times: .below(times: .everywhere),
            target: .moments(
                neighbour: .sigmaStep(largest: 160, halvings: 12), solver: .conditional, group: 4,
                weight: MomentWeight(power: 1, bias: 4)), weighting: .plain), sampling: .map)
}
