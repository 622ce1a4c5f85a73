/// A method is written as its name with the parts that differ from its own: `shortcut: {states: studentPath}`. Its
/// full form has all parts.
extension Method: Codable {
    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: MethodName.self)
        let names = container.allKeys
        guard names.count == 1 else {
            throw DecodingError.typeMismatch(
                Method.self, .init(codingPath: container.codingPath, debugDescription: "a method has one name"))
        }
        let parts = try container.decode(Parts.self, forKey: names[0])
        do throws(Violation) { self = try names[0].method.changed(parts) } catch {
            throw error.under(names[0].rawValue)
        }
    }

    /// Encodes the method with all of its parts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: MethodName.self)
        try container.encode(parts, forKey: name)
    }

    /// The method with parts of it changed.
    /// - Throws: `Violation` where a second term is half written.
    func changed(_ parts: Parts) throws(Violation) -> Method {
        var method = self
        method.start = parts.start ?? start
        method.main = main.changed(parts.states, parts.times, parts.target, parts.weighting, parts.guidance)
        method.secondTerm = try changed(parts.secondTerm)
        method.labelDropout = parts.labelDropout ?? labelDropout
        method.auxiliary = parts.auxiliary ?? auxiliary
        method.sampling = parts.sampling ?? sampling
        method.samplingGuidance = parts.samplingGuidance ?? samplingGuidance
        method.form = MapForm(
            conditioning: parts.conditioning ?? form.conditioning, head: parts.head ?? form.head)
        // A first term without rows decides nothing, so methods that differ only in it are one method.
        if method.secondTerm?.share == 1 { method.main = main }
        // An auxiliary that came with a target goes with it.
        if parts.auxiliary == nil, method.terms.allSatisfy({ $0.term.target.levels == nil }) { method.auxiliary = nil }
        return method
    }

    private func changed(_ parts: SecondTermParts?) throws(Violation) -> SecondTerm? {
        switch parts {
        case nil: return secondTerm
        case .absent?: return nil
        case .changed(let parts)?:
            if var changed = secondTerm {
                changed.share = parts.share ?? changed.share
                changed.weight = parts.weight ?? changed.weight
                changed.balance = parts.balance ?? changed.balance
                changed.term = changed.term.changed(
                    parts.states, parts.times, parts.target, parts.weighting, parts.guidance)
                return changed
            }
            guard let share = parts.share, let states = parts.states, let times = parts.times,
                let target = parts.target, let weighting = parts.weighting
            else {
                throw Violation(
                    key: "secondTerm", found: "a part of a term",
                    allowed:
                        "share, states, times, target and weighting, as \(name.rawValue) has no second term to change")
            }
            return SecondTerm(
                share: share, weight: parts.weight ?? 1, balance: parts.balance ?? SecondTerm.Balance.none,
                term: Term(states: states, times: times, target: target, weighting: weighting, guidance: parts.guidance)
            )
        }
    }

    /// All parts. Those of the network are left out where they are plain and the method's own are.
    private var parts: Parts {
        Parts(
            start: start, states: main.states, times: main.times, target: main.target, weighting: main.weighting,
            guidance: main.guidance,
            secondTerm: secondTerm.map { .changed(.init($0)) } ?? (name.method.secondTerm == nil ? nil : .absent),
            labelDropout: labelDropout, auxiliary: auxiliary, sampling: sampling, samplingGuidance: samplingGuidance,
            conditioning: written(form.conditioning, name.method.form.conditioning, plain: .duration),
            head: written(form.head, name.method.form.head, plain: .velocity))
    }

    private func written<Part: Equatable>(_ part: Part, _ own: Part, plain: Part) -> Part? {
        part == plain && own == plain ? nil : part
    }
}

extension Term {
    fileprivate func changed(
        _ states: StateSource?, _ times: TimePairs?, _ target: Target?, _ weighting: Weighting?, _ guidance: Guidance?
    ) -> Term {
        Term(
            states: states ?? self.states, times: times ?? self.times, target: target ?? self.target,
            weighting: weighting ?? self.weighting, guidance: guidance ?? self.guidance)
    }
}
