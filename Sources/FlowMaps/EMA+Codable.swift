extension EMA: Codable, Validated {
    /// The forms that a study may write.
    private enum Form: Codable {
        case none
        case halfLife(Double)
        case decay(Double)
        case power(sigmaRel: Double)
        case postHoc(PostHocEMA)

        enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case none, halfLife, decay, power, postHoc

            static let renamed = ["afterwards": "postHoc"]
        }

        enum PowerCodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case sigmaRel

            static let renamed = ["deviation": "sigmaRel"]
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) { throw Self.unitMissing(number) }
        switch try container.decode(Form.self) {
        case .none: self = .none
        case .halfLife(let share): self = .halfLife(share)
        case .decay(let decay): self = .decay(decay)
        case .power(let sigmaRel): self = .power(sigmaRel: sigmaRel)
        case .postHoc(let averages): self = .postHoc(averages)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let form: Form =
            switch self {
            case .none: .none
            case .halfLife(let share): .halfLife(share)
            case .decay(let decay): .decay(decay)
            case .power(let sigmaRel): .power(sigmaRel: sigmaRel)
            case .postHoc(let averages): .postHoc(averages)
            }
        var container = encoder.singleValueContainer()
        try container.encode(form)
    }

    /// A bare number reads as a half-life to some and as a decay to others: it is refused with both readings.
    private static func unitMissing(_ number: Double) -> Violation {
        let readings =
            number == 0
            ? "none"
            : "halfLife: \(number), as a share of all steps, or decay: \(number), the share of the average that each step keeps"
        return Violation(key: nil, found: "\(number) without a unit", allowed: readings)
    }

    public func validate() throws(Violation) {
        switch self {
        case .none, .postHoc: return
        case .halfLife(let share):
            try require(share > 0 && share <= 1, "halfLife", found: share, allowed: "more than 0 and at most 1")
        case .decay(let decay):
            try require(decay > 0 && decay < 1, "decay", found: decay, allowed: "more than 0 and less than 1")
        case .power(let sigmaRel): try Self.check(sigmaRel, "power.sigmaRel", self)
        }
    }

    /// Refuses a relative width that no average along a power has.
    static func check(_ sigmaRel: Double, _ key: String, _ value: some Validated) throws(Violation) {
        try value.require(
            sigmaRel > 0 && sigmaRel <= largestSigmaRel, key, found: sigmaRel,
            allowed: "more than 0 and at most \(largestSigmaRel), where all steps count alike")
    }
}
