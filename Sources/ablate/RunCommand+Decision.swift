import ArgumentParser
import Execution
import Results
import Study

/// Adding seeds while claims are undecided.
extension RunCommand {
    /// The largest number of seeds by default.
    private static let usualMostSeeds = 12

    /// An effect that so many seeds do not show is none that anybody would notice.
    private static let mostMostSeeds = 10_000

    func validateSeeds() throws {
        guard untilDecided else {
            if mostSeeds != nil { throw ValidationError("--most-seeds is for --until-decided") }
            return
        }
        if !launcher.isLocal { throw ValidationError("--until-decided is for --launcher local") }
        if arguments.seeds != nil || !arguments.only.isEmpty {
            throw ValidationError(
                "--until-decided adds seeds to the whole study: neither --seeds nor --only goes with it")
        }
        if let mostSeeds, mostSeeds < 2 { throw ValidationError("--most-seeds is at least 2, not \(mostSeeds)") }
        if let mostSeeds, mostSeeds > Self.mostMostSeeds {
            throw ValidationError("--most-seeds is at most \(Self.mostMostSeeds), not \(mostSeeds)")
        }
    }

    private var most: Int { mostSeeds ?? Self.usualMostSeeds }

    /// The study at its first interim analysis, where claims are to be decided.
    func beginning(_ study: Study) throws -> Study {
        guard untilDecided, study.interimAnalyses == nil else { return study }
        return try arguments.load(
            try Exit.translating { try study.interimAnalyses(most: most) }, in: results.folder, isRunning: true)
    }

    /// The study with more seeds, where some claim needs them and there may be more.
    func next(after study: Study) throws -> Study? {
        guard untilDecided else { return nil }
        let identities = Plan(study, results: results.folder).identities
        guard
            let runState = try Exit.translating({
                try results.folder.runState(of: study, identities: identities, most: most)
            })
        else { return nil }
        let said = "\(runState.undecided) of \(runState.claims) claims undecided with \(runState.seeds) seeds"
        switch runState.next {
        case .another(let interimAnalyses):
            let added = interimAnalyses.seeds.dropFirst(runState.seeds).map(String.init).joined(separator: ", ")
            Console.say("\(said); adding seeds \(added)")
            return try arguments.load(interimAnalyses, in: results.folder, isRunning: true)
        case .exhausted: Console.say("\(said), which are as many as there may be")
        case .futile where runState.undecided > 0: Console.say("\(said), and more would not decide them")
        case .futile: break
        }
        return nil
    }
}
