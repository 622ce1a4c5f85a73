import FlowMaps

extension RunSpecification {
    /// Checks that the verifier of a search has the data that it needs.
    func checkSearch() throws(Violation) {
        guard case .own(let verifier)? = evaluation.search?.verifier else { return }
        let key = "evaluation.search.verifier"
        switch verifier {
        case .classProbability:
            try require(
                evaluation.hasClassifier, key, found: verifier.rawValue,
                allowed: "features of a classifier beside it, or another verifier")
        case .logLikelihood:
            try require(
                data.modes != nil, key, found: verifier.rawValue,
                allowed: "data that are a mixture of Gaussians (eightGaussians), or another verifier")
        case .nearestFeature:
            try require(
                evaluation.featureProgram == nil, key, found: verifier.rawValue,
                allowed: "features of a classifier or coordinates beside it, or another verifier")
        }
    }
}
