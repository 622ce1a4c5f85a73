import FlowMaps

extension StudentScript {
    /// The network of a student: what is innermost, and what it lies in.
    struct Body {
        private(set) var name = ""
        private(set) var times = Frequencies.published
        private(set) var transformer: SiTShape?
        private(set) var sigmaData: Double?
        private(set) var noise: NoiseLevels?

        init(_ shape: NetworkShape) {
            switch shape {
            case .mlp(_, _, let times): (name, self.times) = ("mlp", times)
            case .mpMLP(_, _, let times): (name, self.times) = ("mpMLP", times)
            case .sit(let shape): (name, times, transformer) = ("sit", shape.times, shape)
            case .mpSiT(let shape): (name, times, transformer) = ("mpSiT", shape.times, shape)
            case .preconditioned(let sigmaData, let network):
                self = Body(network)
                self.sigmaData = sigmaData
            case .noisePrediction(let schedule, let network):
                self = Body(network)
                noise = NoiseLevels(schedule)
            }
        }
    }

    /// The noise levels of a network that predicts noise.
    struct NoiseLevels: Encodable {
        let steps: Int
        let first, last: Double
        /// The roots of β are evenly spaced, and not β.
        let isScaled: Bool

        init(_ schedule: NoiseSchedule) {
            switch schedule {
            case .linear(let steps, let first, let last): (self.steps, self.first, self.last) = (steps, first, last)
            case .scaledLinear(let steps, let first, let last):
                (self.steps, self.first, self.last) = (steps, first, last)
            }
            if case .scaledLinear = schedule { isScaled = true } else { isScaled = false }
        }
    }

    /// The head of a student that gives a policy.
    struct PolicyHead: Encodable {
        let name: String
        /// Vectors of the sample's shape that the network gives.
        let fields, substeps: Int
        let components, locations, points: Int?
        /// The range of the logarithm of a mixture's deviation.
        let logDeviations: [Double]

        /// - Parameter image: channels, height and width.
        init?(_ head: Head, image: [Int]?) {
            let range = MixturePolicy.logDeviations
            logDeviations = [range.lowerBound, range.upperBound]
            (fields, substeps) = (head.fields, head.substeps)
            switch head {
            case .velocity: return nil
            case .mixture(let components, let over, _):
                name = "mixture"
                (self.components, points) = (components, nil)
                locations = over == .pixel ? image.map { $0[1] * $0[2] } ?? 1 : 1
            case .grid(let points, _):
                (name, self.points, components, locations) = ("grid", points, nil, nil)
            }
        }
    }
}
