import ArgumentParser
import Reporting
import Results
import Storage

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a study's numbers for other tools.",
        discussion: """
            tensorboard: a folder of event files, for tensorboard --logdir.
            csv: one row a measurement.
            xarray: one HDF5 file whose dimensions are the study's axes.
            """)

    @Argument(help: "The folder of a study's results.", completion: .directory)
    var folder: String

    @Option(name: .customLong("to"), help: "The form.")
    var form: Form

    @Option(help: "Where to (default: in the study's folder, tensorboard/, measurements.csv or study.h5).")
    var output: String?

    @OptionGroup var overwriting: OverwriteOption

    enum Form: String, ExpressibleByArgument, CaseIterable { case tensorboard, csv, xarray }

    /// Writes the named file, or in the study's folder one of this program's own name, which gives way to the new one.
    private func write(_ study: StudyResults, _ name: String, by body: (String) throws -> Void) throws {
        let path = output ?? "\(study.folder)/\(name)"
        if output == nil {
            try body(path)
        } else {
            let isAllowed = overwriting.isAllowed
            try OutputFile(path, attempt: "write the study", overwriting: isAllowed).write(by: body)
        }
        Console.give("Wrote \(path)")
    }

    func run() throws {
        try Exit.translating {
            let study = try StudyResults.read(folder)
            for omission in study.leftOut { Console.say("warning: \(omission)") }
            switch form {
            case .tensorboard:
                let path = output ?? "\(study.folder)/tensorboard"
                let files = try study.writeEvents(
                    to: path, overwriting: output == nil || overwriting.isAllowed)
                Console.give("Wrote \(path)/<\(files.count) runs>")
            case .csv:
                try write(study, "measurements.csv") {
                    try AtomicFile.write(Array(study.measurements.csv.utf8), to: $0)
                }
            case .xarray: try write(study, "study.h5") { try study.writeHDF5(to: $0) }
            }
        }
    }
}
