import Foundation
import Specification

/// The name of a study whose settings of the command line change what is trained: a study of its own, beside the one in the file.
///
/// `quickstart` with `--set base.student.optimization.steps=10` is `quickstart+student.optimization.steps-10`. Each setting that
/// may change a training is in the name, with its path and its value, so that different changes have different names; where that
/// would be longer than a folder's name should be, their number and the beginning of their hash are: `quickstart+9-settings-1f0c2a9b`.
package struct StudyVariant {
    /// The name that results of the changed study go under.
    package let name: String

    /// Longer names are hard to read and to type.
    private static let longest = 100
    /// The digits of a hash that stand in a name.
    private static let hashLength = 8

    /// Top-level keys that decide nothing of a run, and the evaluation, which decides nothing of its training.
    private static let harmless = [
        "question", "claims", "columns", "figures", "keep", "limits", "slurm", "base.evaluation",
    ]

    /// The variant that settings make of a study; nil where all trainings are those of the file, but for added or other seeds, and
    /// where a setting says the study's name itself.
    /// - Parameters:
    ///   - changed: the study with the settings.
    ///   - plain: reads the study without them; nil where it is none without them.
    init?(of changed: Study, settings: [String], plain: () -> Study?) {
        let paths = settings.map(Self.path)
        guard !paths.contains("study") else { return nil }
        let deciding = zip(settings, paths).filter { _, path in
            path != Study.seedPath && !Self.harmless.contains { path == $0 || path.hasPrefix($0 + ".") }
        }.map(\.0)
        guard !deciding.isEmpty, let plain = plain(), plain.trainings != changed.trainings else { return nil }
        let words = "\(plain.name)+" + deciding.map(Self.word).joined(separator: "+")
        if words.utf8.count <= Self.longest {
            name = words
        } else {
            let hash = Self.hash(deciding.joined(separator: "\n"))
            name = "\(plain.name)+\(deciding.count)-\(deciding.count == 1 ? "setting" : "settings")-\(hash)"
        }
    }

    /// The path that a setting `path=value` changes.
    private static func path(of setting: String) -> String {
        String(setting.prefix { $0 != "=" })
    }

    /// A setting as a part of a name: `base.student.optimization.steps=10` is `student.optimization.steps-10`.
    private static func word(of setting: String) -> String {
        let path = path(of: setting), value = setting.dropFirst(path.count + 1)
        let key = path.hasPrefix("base.") ? String(path.dropFirst("base.".count)) : path
        let word = isWord(String(value)) ? String(value) : hash(String(value))
        return (isWord(key) ? key : hash(key)) + "-" + word
    }

    private static func hash(_ text: String) -> String {
        String(Identity(hashing: Array(text.utf8)).hex.prefix(hashLength))
    }
}

extension Study {
    /// The path of the axis of repetitions.
    static let seedPath = "axes.\(seedAxis)"

    /// Reads a study file as a command does: where its settings change what is trained, under a name of its own, so that the
    /// results of the study in the file stay what they are.
    /// - Throws: as `init(file:changes:)`.
    package static func read(_ file: String, changes: Changes, data cache: DataCache? = nil) throws -> Study {
        let study = try Study(file: file, changes: changes, data: cache)
        let variant = StudyVariant(of: study, settings: changes.settings) {
            try? Study(file: file, changes: Changes(), data: cache)
        }
        guard let variant else { return study }
        return try Study(file: file, changes: changes.named(variant.name), data: cache)
    }

    /// The trainings of each arm, whatever its seeds.
    fileprivate var trainings: [String: Set<Identity>] {
        var result: [String: Set<Identity>] = [:], known: [TrainingStage: Identity] = [:]
        for run in named {
            let training = TrainingStage(run.specification).withoutSeed
            let identity = known[training] ?? training.identity
            known[training] = identity
            let arm = SweepPoint.name(of: run.coordinates.filter { $0.axis != Study.seedAxis })
            result[arm, default: []].insert(identity)
        }
        return result
    }
}
