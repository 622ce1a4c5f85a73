extension Method {
    /// The parts as a specification names them; those that are absent stay as they are.
    struct Parts: Codable {
        var start: Start?
        var states: StateSource?
        var times: TimePairs?
        var target: Target?
        var weighting: Weighting?
        var guidance: Guidance?
        var secondTerm: SecondTermParts?
        var labelDropout: Double?
        var auxiliary: AuxiliaryTraining?
        var sampling: MapSampling?
        var samplingGuidance: Guidance?
        var conditioning: StepConditioning?
        var head: Head?

        enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case start, states, times, target, weighting, guidance, secondTerm, labelDropout, auxiliary, sampling
            case samplingGuidance, conditioning, head

            static let renamed = [
                "beside": "secondTerm", "correction": "secondTerm",
                "prediction": "target, times, weighting and guidance of the method itself",
                "decay":
                    "weighting.residual.adaptiveWeight; the distillation that was meanFlow is meanFlowFromTeacher",
            ]
        }
    }

    /// The second term as a specification describes it.
    enum SecondTermParts: Codable {
        /// The method has no second term: the word `none`, or `~`.
        case absent
        case changed(ChangedParts)

        /// The parts that differ from the method's own.
        struct ChangedParts: Codable, Validated {
            var share: Double?
            var weight: Double?
            var balance: SecondTerm.Balance?
            var states: StateSource?
            var times: TimePairs?
            var target: Target?
            var weighting: Weighting?
            var guidance: Guidance?

            enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
                case share, weight, balance, states, times, target, weighting, guidance

                static let renamed = ["alpha": "weight", "auxiliary": "auxiliary of the method itself"]
            }

            init(_ term: SecondTerm) {
                (share, weight, balance) = (term.share, term.weight, term.balance)
                (states, times, target) = (term.term.states, term.term.times, term.term.target)
                (weighting, guidance) = (term.term.weighting, term.term.guidance)
            }

            func validate() throws(Violation) {
                if let share {
                    try require(
                        share > 0 && share <= 1, "share", found: share,
                        allowed: "more than 0 and at most 1, which is the second term alone; "
                            + "secondTerm: none is the first alone")
                }
                if let weight { try require(weight, "weight", atLeast: 0, atMost: Most.factor) }
            }
        }

        private static let word = "none"

        init(from decoder: any Decoder) throws {
            guard let word = try? decoder.singleValueContainer().decode(String.self) else {
                self = .changed(try decoder.singleValueContainer().decode(ChangedParts.self))
                return
            }
            guard word == Self.word else {
                throw Violation(key: nil, found: word, allowed: "\(Self.word), or the parts that are to be other")
            }
            self = .absent
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .absent:
                var container = encoder.singleValueContainer()
                try container.encode(Self.word)
            case .changed(let parts): try parts.encode(to: encoder)
            }
        }
    }
}

extension Method.Parts {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        start = try container.decodeIfPresent(Method.Start.self, forKey: .start)
        states = try container.decodeIfPresent(StateSource.self, forKey: .states)
        times = try container.decodeIfPresent(TimePairs.self, forKey: .times)
        target = try container.decodeIfPresent(Target.self, forKey: .target)
        weighting = try container.decodeIfPresent(Weighting.self, forKey: .weighting)
        guidance = try container.decodeIfPresent(Guidance.self, forKey: .guidance)
        secondTerm = try container.decodeIfPresent(Method.SecondTermParts.self, forKey: .secondTerm)
        // `secondTerm: ~` removes the term; an absent key leaves it unchanged.
        if container.contains(.secondTerm), try container.decodeNil(forKey: .secondTerm) {
            secondTerm = .absent
        }
        labelDropout = try container.decodeIfPresent(Double.self, forKey: .labelDropout)
        auxiliary = try container.decodeIfPresent(AuxiliaryTraining.self, forKey: .auxiliary)
        sampling = try container.decodeIfPresent(MapSampling.self, forKey: .sampling)
        samplingGuidance = try container.decodeIfPresent(Guidance.self, forKey: .samplingGuidance)
        conditioning = try container.decodeIfPresent(StepConditioning.self, forKey: .conditioning)
        head = try container.decodeIfPresent(Head.self, forKey: .head)
    }
}
