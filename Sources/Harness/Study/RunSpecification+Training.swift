import FlowMaps

/// What has a meaning for some of a run's trainings alone.
extension RunSpecification {
    /// A teacher's training, of which averages may be stored and a hidden layer aligned with features.
    func checkTraining(_ training: TeacherTraining, _ key: String) throws(Violation) {
        if case .postHoc(let averages) = training.optimization.ema {
            try require(
                averages.sigmaRel != nil, "\(key).optimization.ema.postHoc", found: "no sigmaRel",
                allowed: "sigmaRel, the relative width of the requested average")
        }
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

    /// Refuses an average that is found after a training by which others go on meanwhile.
    func checkAverage(_ optimization: Optimization, _ key: String) throws(Violation) {
        if case .postHoc = optimization.ema {
            throw Violation(
                key: "\(key).ema", found: "postHoc",
                allowed: "none, halfLife, decay or power: only a teacher's average is chosen after its training")
        }
    }
}
