import ArgumentParser
import Execution
import Results
import Study

/// Adding seeds while claims are undecided.
extension RunCommand {
    /// Seeds that a study comes to where nobody says how many.
    private static let usualMostSeeds = 12

    func validateSeeds() throws {
        guard untilDecided else {
            if mostSeeds != nil { throw ValidationError("--most-seeds is for --until-decided") }
            return
        }
        if launcher == .slurm { throw ValidationError("--until-decided is for --launcher local") }
        if arguments.seeds != nil || !arguments.only.isEmpty {
            throw ValidationError(
                "--until-decided adds seeds to the whole study: neither --seeds nor --only goes with it")
        }
        if let mostSeeds, mostSeeds < 2 { throw ValidationError("--most-seeds is at least 2, not \(mostSeeds)") }
    }

    private var most: Int { mostSeeds ?? Self.usualMostSeeds }

    /// The study at its first look, where claims are to be decided.
    func beginning(_ study: Study) throws -> Study {
        guard untilDecided, study.looks == nil else { return study }
        return try arguments.load(try Exit.translating { try study.looks(most: most) })
    }

    /// The study with more seeds, where some claim asks for them and there may be more.
    func next(after study: Study) throws -> Study? {
        guard untilDecided, let looks = study.looks else { return nil }
        let wanted = Plan(study, results: results.folder).identities
        let records = try Exit.translating {
            try results.folder.records(of: results.folder.study(study.name)).records
        }.filter { wanted[$0.run.point] == $0.identity }
        let judgements = Judgement.of(study.claims, runs: study.named, records: records, looks: looks)
        let open = judgements.count { $0.verdict == .undecided }
        let said = "\(open) of \(judgements.count) claims undecided with \(looks.seeds.count) seeds"
        guard judgements.contains(where: \.asksForSeeds) else {
            if open > 0 { Console.say("\(said), and more would not decide them") }
            return nil
        }
        guard let next = looks.adding(most: most) else {
            Console.say("\(said), which are as many as there may be")
            return nil
        }
        Console.say(
            "\(said); adding seeds \(next.seeds.dropFirst(looks.seeds.count).map(String.init).joined(separator: ", "))")
        return try arguments.load(next)
    }
}
