/// An objective is written as a choice of one name: `freeflow`, `meanFlow`, or that of a method.
extension Objective: Codable {
    private struct FreeFlowParts: Codable {
        let prediction: Prediction?
        let correction: Correction?
    }

    public enum CodingKeys: CodingKey, Hashable, CaseIterable {
        case freeflow, meanFlow
        case method(MethodName)

        public static var allCases: [CodingKeys] {
            [.freeflow, .meanFlow] + MethodName.allCases.map(CodingKeys.method)
        }

        public var stringValue: String {
            switch self {
            case .freeflow: "freeflow"
            case .meanFlow: "meanFlow"
            case .method(let name): name.rawValue
            }
        }

        public init?(stringValue: String) {
            guard let key = Self.allCases.first(where: { $0.stringValue == stringValue }) else { return nil }
            self = key
        }

        public var intValue: Int? { nil }
        public init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let keys = container.allKeys
        guard keys.count == 1 else {
            throw DecodingError.typeMismatch(
                Objective.self,
                .init(codingPath: container.codingPath, debugDescription: "an objective has one name"))
        }
        switch keys[0] {
        case .freeflow:
            let parts = try container.decode(FreeFlowParts.self, forKey: .freeflow)
            self = .freeflow(prediction: parts.prediction, correction: parts.correction)
        case .meanFlow:
            let parts = try container.decode(MeanFlow.self, forKey: .meanFlow)
            self = .meanFlow(
                states: parts.states, times: parts.times, decay: parts.decay, guidance: parts.guidance)
        case .method(let name): self = try name.objective(try container.decode(Method.Parts.self, forKey: keys[0]))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .freeflow(let prediction, let correction):
            try container.encode(FreeFlowParts(prediction: prediction, correction: correction), forKey: .freeflow)
        case .meanFlow(let states, let times, let decay, let guidance):
            try container.encode(
                MeanFlow(states: states, times: times, decay: decay, guidance: guidance), forKey: .meanFlow)
        case .method(let method): try container.encode(method.parts, forKey: .method(method.name))
        }
    }
}

extension MethodName {
    /// The method with parts of it changed.
    /// - Throws: `Violation` with the key under the method's name.
    fileprivate func objective(_ parts: Method.Parts) throws(Violation) -> Objective {
        do throws(Violation) { return .method(try method.changed(parts)) } catch {
            throw Violation(
                key: [rawValue, error.key].compactMap { $0 }.joined(separator: "."), found: error.found,
                allowed: error.allowed)
        }
    }
}
