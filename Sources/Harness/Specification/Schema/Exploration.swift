/// All runs of one type, and the schema that they come to.
struct Exploration<Value: Decodable> {
    private let type: Value.Type
    private let probe: SchemaProbe

    init(of type: Value.Type, by probe: SchemaProbe) { (self.type, self.probe) = (type, probe) }

    /// The schema, and values of the type: those of the first successful run first, in each filling.
    func schema() -> (schema: SpecSchema, samples: [ProbeSample]) {
        var samples: [ProbeSample] = [], schemas: [SpecSchema] = []
        let first = run(.mapping, .none, &samples).run
        if first.asked.contains(.mapping) {
            if first.cases != nil {
                samples = []
                schemas.append(choice(first, &samples))
            } else if let taken = first.taken {
                schemas.append(taken)
                // A key that is asked for before may stand for another form.
                for name in first.optionalNames {
                    let (run, isMade) = run(.mapping, .only(name), &samples)
                    if isMade, let other = run.taken, !schemas.contains(other) { schemas.append(other) }
                }
            } else {
                schemas += objects(first, &samples)
            }
        } else if let taken = first.taken {
            schemas.append(taken)
        }
        // Values of the simplest form come first: those of the others are numbers that belong together.
        var plain: [ProbeSample] = []
        for form in [ProbeRun.Form.sequence, .text, .number, .truth] {
            guard first.asked.contains(form) else { continue }
            let (run, isMade) = run(form, .none, &plain)
            // A word that is refused may be another one; a number that is refused is none.
            guard isMade || form == .text, let taken = run.taken else { continue }
            if !schemas.contains(taken) { schemas.append(taken) }
        }
        return (schemas.isEmpty ? .anything : schemas.count == 1 ? schemas[0] : .anyOf(schemas), plain + samples)
    }

    /// A run in each filling; the first of them is returned, and whether it made a value.
    private func run(
        _ form: ProbeRun.Form, _ presence: ProbeRun.Presence, choice: String? = nil, _ samples: inout [ProbeSample]
    ) -> (run: ProbeRun, isMade: Bool) {
        var first: ProbeRun?, isMade = false
        for filling in 0..<SchemaProbe.fillings {
            let run = ProbeRun(form, presence, choice: choice, filling: filling, by: probe)
            if let value = try? Value(from: ProbeDecoder(run: run)) {
                samples.append(ProbeSample(filling: filling, value: value))
                isMade = true
            }
            first = first ?? run
        }
        return (first ?? ProbeRun(form, presence, choice: choice, filling: 0, by: probe), isMade)
    }

    private func choice(_ first: ProbeRun, _ samples: inout [ProbeSample]) -> SpecSchema {
        .choice(
            (first.cases ?? []).map { name in
                let all = run(.mapping, .all, choice: name, &samples).run
                var own: [ProbeSample] = []
                let least = run(.mapping, .none, choice: name, &own).run
                // Those of the shortest form come first.
                samples = own + samples
                let payload =
                    least.taken ?? all.taken ?? .object(least.keys.map { key in known(key, in: [least, all]) })
                return .init(name, payload, isRequired: needs(payload))
            })
    }

    /// A key with the schema that any of the runs found.
    private func known(_ key: SpecSchema.Key, in runs: [ProbeRun]) -> SpecSchema.Key {
        let schemas = runs.flatMap(\.keys).filter { $0.name == key.name && $0.schema != .anything }.map(\.schema)
        return .init(key.name, schemas.first ?? key.schema, isRequired: key.isRequired)
    }

    /// Something in a case has to be said.
    private func needs(_ schema: SpecSchema) -> Bool {
        switch schema {
        case .object(let keys): keys.contains(where: \.isRequired)
        case .reference(let name): needs(probe.definitions[name] ?? .anything)
        case .anyOf(let schemas): schemas.allSatisfy(needs)
        case .anything: false
        case .words, .text, .truth, .integer, .number, .sequence, .table, .choice: true
        }
    }

    /// One object, and one for each key that stands in for others.
    private func objects(_ first: ProbeRun, _ samples: inout [ProbeSample]) -> [SpecSchema] {
        var runs = [first, run(.mapping, .all, &samples).run], alternatives: [(name: String, run: ProbeRun)] = []
        var names: [String] = [], next = 0
        while true {
            for name in runs.flatMap(\.optionalNames) where !names.contains(name) { names.append(name) }
            guard next < names.count else { break }
            let name = names[next]
            next += 1
            let (run, isMade) = run(.mapping, .only(name), &samples)
            runs.append(run)
            if isMade, !run.required.isSuperset(of: first.required) { alternatives.append((name, run)) }
        }
        return [SpecSchema.object(first.keys.map { known($0, in: runs) })]
            + alternatives.map { name, run in
                .object(
                    run.keys.map { key in
                        let key = known(key, in: runs)
                        return .init(key.name, key.schema, isRequired: key.isRequired || key.name == name)
                    })
            }
    }
}
