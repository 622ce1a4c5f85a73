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
    var kills = 100
    @Option(help: "Files with a flipped bit, cut off, or emptied.")
    var corruptions = 50
    @Option(help: "Steps of filling a disk; each is an attempt with a little more room.")
    var fillings = 8
    @Option(help: "No new fault after so many seconds.")
    var seconds = 600.0
    @Option(help: "Of what happens when.")
    var seed: UInt64 = 1

    func run() throws {
        let folder = TemporaryFolder(), started = Date()
        var random = SplitMix(state: seed)
        let site = TortureSite(folder: folder, deadline: started + seconds)
        try site.begin()
        var faults = Faults()
        var rounds = 0
        while faults.kills < kills || faults.corruptions < corruptions, Date() < site.deadline {
            rounds += 1
            try site.round(rounds, &faults, upTo: Faults(kills: kills, corruptions: corruptions), &random)
        }
        let full = try site.fillDisk(steps: fillings, &faults)
        Terminal.Stream.output.write(
            """
            \(faults.kills) kills, \(faults.corruptions) corruptions, \(full); \(faults.conclusions) times \
            carried to the end, all records equal to the undisturbed ones, \
            \(Int(Date().timeIntervalSince(started).rounded())) s, seed \(seed)

            """)
        if faults.kills < kills || faults.corruptions < corruptions {
            throw Disturbance("the time was over before all faults were injected")
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
    init(_ description: String) { self.description = description }
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
