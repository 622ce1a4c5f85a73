import FlowMaps

/// Settings that have a meaning for some of a run's trainings only.
extension RunSpecification {
    /// Checks a teacher's training, whose averages may be stored and whose hidden layer may be aligned with features.
    func checkTraining(_ training: TeacherTraining, _ key: String) throws(Violation) {
        try checkChoice(training.optimization.ema, "\(key).optimization")
        guard let representation = training.representation else { return }
        try require(
            data.classCount > 0, "\(key).representation", found: "features of a classifier",
            allowed: "nothing, as the data have no classes")
        try checkClassifier(representation.classifier, "\(key).representation.classifier")
        do { try representation.validate(for: training.network, image: data.image) } catch {
            throw error.under("\(key).representation")
        }
    }

    func checkClassifier(_ training: Classifier.Training, _ key: String) throws(Violation) {
        try checkAverage(training.optimization, "\(key).optimization")
        try checkAugmentation(training.augmentation, "\(key).augmentation", batch: training.optimization.batch)
        try require(
            training.convolution == nil || data.image != nil, "\(key).convolution",
            found: "samples that are no images", allowed: "images; width gives a perceptron")
    }

    /// Refuses averages of which none is requested.
    func checkChoice(_ ema: EMA, _ key: String) throws(Violation) {
        guard case .postHoc(let averages) = ema else { return }
        try require(
            averages.sigmaRel != nil, "\(key).ema.postHoc", found: "no sigmaRel",
            allowed: "sigmaRel, the relative width of the requested average")
    }

    /// Refuses a post-hoc average of a training whose average is needed while it runs.
    func checkAverage(_ optimization: Optimization, _ key: String) throws(Violation) {
        if case .postHoc = optimization.ema {
            throw Violation(
                key: "\(key).ema", found: "postHoc",
                allowed:
                    "none, halfLife, decay or power: only a teacher's and a student's average is chosen after its training"
            )
        }
    }
}
