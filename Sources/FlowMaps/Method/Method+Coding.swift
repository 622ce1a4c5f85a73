/// A method is written as its name with the parts that are to be other than the method's own: `shortcut: {states: studentPath}`.
/// Written out it has all of them.
extension Method {
    /// The parts as a spec names them; those that are absent stay as they are.
    struct Parts: Codable {
        var start: Start?
        var states: StateSource?
        var times: TimePairs?
        var target: Target?
        var weighting: Weighting?
        var guidance: Guidance?
        var beside: BesideParts?
        var labelDropout: Double?
        var auxiliary: Correction.Auxiliary?
        var sampling: MapSampling?
        var samplingGuidance: Guidance?
        var conditioning: StepConditioning?
        var head: Head?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case start, states, times, target, weighting, guidance, beside, labelDropout, auxiliary, sampling
            case samplingGuidance, conditioning, head
        }
    }

    struct BesideParts: Codable {
        var share: Double?
        var weight: Double?
        var states: StateSource?
        var times: TimePairs?
        var target: Target?
        var weighting: Weighting?
        var guidance: Guidance?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case share, weight, states, times, target, weighting, guidance
        }
    }

    /// The method with parts of it changed.
    /// - Throws: `Violation` where something beside the method is half written.
    func changed(_ parts: Parts) throws(Violation) -> Method {
        var method = self
        method.start = parts.start ?? start
        method.main = main.changed(parts.states, parts.times, parts.target, parts.weighting, parts.guidance)
        method.beside = try changed(parts.beside)
        method.labelDropout = parts.labelDropout ?? labelDropout
        method.auxiliary = parts.auxiliary ?? auxiliary
        method.sampling = parts.sampling ?? sampling
        method.samplingGuidance = parts.samplingGuidance ?? samplingGuidance
        method.form = MapForm(
            conditioning: parts.conditioning ?? form.conditioning, head: parts.head ?? form.head)
        // An auxiliary that came with a target goes with it.
        if parts.auxiliary == nil, method.terms.allSatisfy({ $0.term.target.levels == nil }) { method.auxiliary = nil }
        return method
    }

    private func changed(_ parts: BesideParts?) throws(Violation) -> Beside? {
        guard let parts else { return beside }
        if parts.share == 0 { return nil }
        if var beside {
            beside.share = parts.share ?? beside.share
            beside.weight = parts.weight ?? beside.weight
            beside.term = beside.term.changed(
                parts.states, parts.times, parts.target, parts.weighting, parts.guidance)
            return beside
        }
        guard let share = parts.share, let states = parts.states, let times = parts.times, let target = parts.target,
            let weighting = parts.weighting
        else {
            throw Violation(
                key: "beside", found: "a part of an objective",
                allowed:
                    "share, states, times, target and weighting, as \(name.rawValue) has nothing beside it to change")
        }
        return Beside(
            share: share, weight: parts.weight ?? 1,
            term: Term(states: states, times: times, target: target, weighting: weighting, guidance: parts.guidance))
    }

    /// All parts. Those of the network are left out where they are plain and the method's own are, as from before there were others.
    var parts: Parts {
        Parts(
            start: start, states: main.states, times: main.times, target: main.target, weighting: main.weighting,
            guidance: main.guidance,
            beside: beside.map {
                BesideParts(
                    share: $0.share, weight: $0.weight, states: $0.term.states, times: $0.term.times,
                    target: $0.term.target, weighting: $0.term.weighting, guidance: $0.term.guidance)
            } ?? (name.method.beside == nil ? nil : BesideParts(share: 0)),
            labelDropout: labelDropout, auxiliary: auxiliary, sampling: sampling,
            samplingGuidance: samplingGuidance,
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
