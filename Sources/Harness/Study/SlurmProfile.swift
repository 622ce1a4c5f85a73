import FlowMaps
import Foundation
import Specification
import Storage

/// The options of a study for its jobs in Slurm, which decide nothing of the result.
///
/// ```yaml
/// slurm: {partition: cpu, time: "2:00:00", memory: 4G, extra: ["--account=flow", "--qos=low"]}
/// ```
public struct SlurmProfile: Codable, Hashable, Sendable, Validated {
    /// The partition; nil is the cluster's default.
    public let partition: String?
    /// The time limit in Slurm's format: minutes, hours:minutes:seconds, days-hours.
    public let time: String?
    /// The memory in Slurm's format: 500M, 4G.
    public let memory: String?
    /// Generic resources of each job in Slurm's format: gpu:1, gpu:h100:8.
    public let gres: String?
    /// Further options of sbatch, each a word such as `--account=flow`.
    public let extra: [String]?

    /// A profile with the options that are given.
    public init(
        partition: String? = nil, time: String? = nil, memory: String? = nil, gres: String? = nil,
        extra: [String]? = nil
    ) {
        (self.partition, self.time, self.memory, self.gres, self.extra) = (partition, time, memory, gres, extra)
    }

    /// Options that a submission decides itself.
    private static let own = [
        "--array", "--dependency", "--parsable", "--wrap", "--output", "--error", "--open-mode", "--wait", "--chdir",
    ]
    private static let ownLetters: Set<Character> = ["a", "d", "o", "e", "W", "D"]

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        for (key, value) in [("partition", partition), ("time", time), ("memory", memory), ("gres", gres)] {
            guard let value else { continue }
            try require(
                !value.isEmpty && value.allSatisfy { !$0.isWhitespace }, key, found: "'\(value)'", allowed: "one word")
        }
        for option in extra ?? [] {
            try require(
                option.count > 1 && option.hasPrefix("-"), "extra", found: "'\(option)'",
                allowed: "options of sbatch, such as --account=name")
            let name = String(option.prefix { $0 != "=" }), isLong = option.hasPrefix("--")
            // A letter may stand with others behind one dash, and its value behind it without a space.
            try require(
                (isLong ? name.count > 2 : option.count == 2)
                    && option.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
                "extra", found: "'\(option)'", allowed: "each option by its full name, such as --account=name")
            // sbatch takes the beginning of a name for the whole where no other begins so.
            let isOwn =
                isLong
                ? Self.own.contains { $0.hasPrefix(name) }
                : Self.ownLetters.contains(option[option.index(after: option.startIndex)])
            try require(!isOwn, "extra", found: "'\(option)'", allowed: "options that a submission does not set itself")
        }
    }

    /// The options of sbatch.
    package var options: [String] {
        (partition.map { ["--partition=\($0)"] } ?? []) + (time.map { ["--time=\($0)"] } ?? [])
            + (memory.map { ["--mem=\($0)"] } ?? []) + (gres.map { ["--gres=\($0)"] } ?? []) + (extra ?? [])
    }

    /// The same with the options of another profile, where it has any.
    public func overridden(by other: SlurmProfile?) -> SlurmProfile {
        guard let other else { return self }
        return SlurmProfile(
            partition: other.partition ?? partition, time: other.time ?? time, memory: other.memory ?? memory,
            gres: other.gres ?? gres, extra: other.extra ?? extra)
    }

    /// Reads a profile from a file of its own, with the keys of a study's `slurm`.
    /// - Throws: `InputError` for a file that cannot be read, `SpecError` for an invalid profile.
    public static func read(_ path: String) throws -> SlurmProfile {
        let data = try RegularFile.read(path, attempt: "read the profile")
        return try StrictDecoder().decode(
            SlurmProfile.self, from: SpecTree(yaml: String(decoding: data, as: UTF8.self), file: path))
    }
}
