/// Networks that give a policy for a whole step.
extension Method {
    /// arXiv 2510.14974: two places of the policy's own path, by mixtures of 16 (published: 32 a pixel); for samplers of one, two, four
    /// and eight steps alike, where the published students are trained for one number each.
    public static let piFlow = Method(
        "piFlow",
        main: Term(
            states: .plainData, times: .dyadic(levels: 4), target: .imitation(places: 2, substeps: 16),
            weighting: .plain), sampling: .map,
        form: MapForm(head: .mixture(components: 16, over: .pixel, substeps: 64)))
}
