import ArgumentParser
import Foundation
import Reporting
import TestSupport

/// Carries out a small study while processes are killed, files damaged and the disk filled, and compares its records with those
/// of an undisturbed run.
@main
struct Torture: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate-torture", abstract: "Kill, damage, fill the disk; the records must stay the same.",
        discussion:
            "Ends with 0 where all records are equal to the undisturbed ones, and says how many faults there were.")

    @Option(help: "Kills of workers, of their launcher, or of all.")
    var kills = 200
    @Option(help: "Files with a flipped bit, cut off, or emptied.")
    var corruptions = 100
    @Option(help: "Steps of filling a disk; each is an attempt with a little more room.")
    var fillings = 8
    @Option(help: "Studies with a few changes of their text.")
    var mutants = 1000
    @Option(help: "Studies with a number at the edge of what a number can be.")
    var edges = 300
    @Option(help: "Records that say what no run leaves.")
    var crafted = 60
    @Option(help: "Verbs whose standard output is full or closed.")
    var streams = 12
    @Option(help: "Limits of the shell under which the study is carried out.")
    var limits = 6
    @Option(help: "No new fault after so many seconds.")
    var seconds = 900.0
    @Option(help: "Of what happens when.")
    var seed: UInt64 = 1

    func run() throws {
        let folder = TemporaryFolder(), started = Date()
        var random = SplitMix(state: seed)
        let site = TortureSite(folder: folder, deadline: started + seconds)
        try site.begin()
        var faults = Faults(), kinds: [FaultKind] = []
        func tell(_ kind: FaultKind) {
            kinds.append(kind)
            Terminal.Stream.output.write(kind.line + "\n")
        }
        // The quick ones first, so that a short time has all kinds.
        tell(try site.fillStreams(streams))
        tell(try site.lowerLimits(limits, &faults))
        tell(try site.craftRecords(crafted, &random))
        tell(try site.mutateStudies(edges, onlyNumbers: true, &random))
        tell(try site.mutateStudies(mutants, onlyNumbers: false, &random))
        tell(fill(site, &faults))
        for kind in disturb(site, &faults, &random) { tell(kind) }
        let sum = FaultKind.sum(kinds)
        Terminal.Stream.output.write(
            """
            \(sum.line); \(faults.conclusions) times carried to the end, all records equal to the undisturbed ones but for those \
            lost, \(Int(Date().timeIntervalSince(started).rounded())) s, seed \(seed)

            """)
        guard sum.isHarmless else { throw Disturbance("not all faults were without harm") }
        if faults.kills < kills || faults.corruptions < corruptions || kinds[4].faults < mutants {
            throw Disturbance("the time was over before all faults were injected")
        }
    }

    private func fill(_ site: TortureSite, _ faults: inout Faults) -> FaultKind {
        var kind = FaultKind("full disks")
        var full = 0
        attempt(&kind) { try site.fillDisk(steps: fillings, &full, &faults) }
        kind.faults = full
        return kind
    }

    /// Rounds of kills and corruptions together.
    private func disturb(
        _ site: TortureSite, _ faults: inout Faults, _ random: inout SplitMix
    ) -> [FaultKind] {
        var kind = FaultKind("kills"), rounds = 0
        while faults.kills < kills || faults.corruptions < corruptions, Date() < site.deadline {
            rounds += 1
            attempt(&kind) {
                try site.round(rounds, &faults, upTo: Faults(kills: kills, corruptions: corruptions), &random)
            }
        }
        kind.faults = faults.kills
        var damage = FaultKind("corruptions")
        damage.faults = faults.corruptions
        return [kind, damage]
    }

    private func attempt(_ kind: inout FaultKind, _ body: () throws -> Void) {
        do { try body() } catch let disturbance as Disturbance {
            CommandEnd.tell("\(kind.name): \(disturbance)")
            if disturbance.isHang { kind.hangs += 1 } else { kind.lost += 1 }
        } catch {
            CommandEnd.tell("\(kind.name): \(error)")
            kind.lost += 1
        }
    }
}

/// How many faults there were, and how often a study was carried to its end after some.
struct Faults {
    var kills = 0
    var corruptions = 0
    var conclusions = 0
}

/// What should not have happened.
struct Disturbance: Error, CustomStringConvertible {
    let description: String
    let isHang: Bool
    init(_ description: String, isHang: Bool = false) { (self.description, self.isHang) = (description, isHang) }
}

/// The generator of Steele, Lea and Flood (SplitMix64), so that a seed tells a whole torture.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
