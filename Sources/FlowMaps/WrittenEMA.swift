/// The average of the parameters as a study writes it, whose half-life may be in images.
struct WrittenEMA: Codable {
    let form: Form

    /// The forms that a study may write.
    enum Form: Codable, Validated {
        case none
        case halfLife(Double)
        /// Images seen, rows of the training's batches.
        case halfLifeImages(Double)
        case decay(Double)
        case power(sigmaRel: Double)
        case postHoc(PostHocEMA)

        enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case none, halfLife, halfLifeImages, decay, power, postHoc

            static let renamed = ["afterwards": "postHoc"]
        }

        enum PowerCodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case sigmaRel

            static let renamed = ["deviation": "sigmaRel"]
        }

        func validate() throws(Violation) {
            switch self {
            case .none, .postHoc: return
            case .halfLife(let share):
                try require(share > 0 && share <= 1, "halfLife", found: share, allowed: "more than 0 and at most 1")
            case .halfLifeImages(let count):
                try require(count > 0, "halfLifeImages", found: count, allowed: "more than 0")
            case .decay(let decay):
                try require(decay > 0 && decay < 1, "decay", found: decay, allowed: "more than 0 and less than 1")
            case .power(let sigmaRel): try EMA.check(sigmaRel, "power.sigmaRel", self)
            }
        }
    }

    /// The form of an average that is known in steps.
    init(_ ema: EMA) {
        form =
            switch ema {
            case .none: .none
            case .halfLife(let share): .halfLife(share)
            case .decay(let decay): .decay(decay)
            case .power(let sigmaRel): .power(sigmaRel: sigmaRel)
            case .postHoc(let averages): .postHoc(averages)
            }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) { throw Self.unitMissing(number) }
        form = try container.decode(Form.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(form)
    }

    /// Its length is in images.
    var isInImages: Bool { if case .halfLifeImages = form { true } else { false } }

    /// The average of a training of so many steps of a batch.
    func ema(ofSteps steps: Int, batch: Int) -> EMA {
        switch form {
        case .none: .none
        case .halfLife(let share): .halfLife(share)
        case .halfLifeImages(let count): .halfLife(count / (Double(max(1, steps)) * Double(max(1, batch))))
        case .decay(let decay): .decay(decay)
        case .power(let sigmaRel): .power(sigmaRel: sigmaRel)
        case .postHoc(let averages): .postHoc(averages)
        }
    }

    /// A bare number reads as a half-life to some and as a decay to others: it is refused with both readings.
    private static func unitMissing(_ number: Double) -> Violation {
        let readings =
            number == 0
            ? "none"
            : "halfLife: \(number), as a share of all steps, or decay: \(number), the share of the average that each step keeps"
        return Violation(key: nil, found: "\(number) without a unit", allowed: readings)
    }
}
