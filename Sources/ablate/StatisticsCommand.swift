import ArgumentParser
import Execution
import FlowMaps
import Foundation
import Results
import Specification
import Study

struct StatisticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics",
        abstract: "Write mean and covariance of a data set, for metrics with reference: {statistics: FILE.npz}.",
        discussion: """
            The file has the arrays mu and sigma of float64, as programs that compute FID write them. DATA is a study, whose \
            data are taken, or a value of base.data such as digits or '{images: {folder: faces}}'.
            """)

    @Argument(help: "A study file, or a value of base.data.", completion: .file(extensions: ["yaml", "yml"]))
    var data: String

    @Option(name: .customLong("to"), help: "The new .npz file.", completion: .file())
    var path: String

    @Option(
        help:
            "A study, on whose features the moments are taken: a classifier that was trained, or a program. Default: the samples.",
        completion: .file(extensions: ["yaml", "yml"]))
    var features: String?

    @OptionGroup var results: ResultsOption
    @OptionGroup var commands: CommandsOption
    @OptionGroup var overwriting: OverwriteOption

    func run() throws {
        let statistics = try Exit.translating { () throws -> DataStatistics in
            let stage = try features.map { RunStage(run: try first($0)).reference }
            if let stage { try commands.check([.reference(stage)]) }
            let statistics = try DataStatistics(
                of: try source(), features: stage, in: results.folder, allowsCommands: commands.areAllowed,
                on: Ablate.backend)
            try StatisticsFile.write(statistics.moments, to: path, overwriting: overwriting.isAllowed)
            return statistics
        }
        Console.give(
            "Wrote \(path): mean and covariance of \(statistics.count) samples, \(statistics.moments.dimension) numbers each, "
                + "on \(statistics.features)")
    }

    private func first(_ file: String) throws -> Run {
        let study = try Study(file: file)
        guard let run = study.named.first else {
            throw SpecError(.file(file, line: 1, column: 1), "the study has no run")
        }
        return run
    }

    private func source() throws -> DatasetSource {
        if [".yaml", ".yml"].contains(where: data.hasSuffix) { return try first(data).specification.data }
        return try StrictDecoder().decode(
            DatasetSource.self, from: try SpecTree(yaml: data, file: "DATA"), at: "data")
    }
}
