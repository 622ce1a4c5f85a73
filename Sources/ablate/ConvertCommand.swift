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

    enum Form: String, ExpressibleByArgument, CaseIterable { case tensorboard, csv, xarray }

    func run() throws {
        try Exit.translating {
            let study = try StudyResults.read(folder)
            for omission in study.leftOut { Console.say("warning: \(omission)") }
            switch form {
            case .tensorboard:
                let path = output ?? "\(study.folder)/tensorboard"
                let files = try study.writeEvents(to: path)
                Console.give("Wrote \(path)/<\(files.count) runs>")
            case .csv:
                let path = output ?? "\(study.folder)/measurements.csv"
                try AtomicFile.write(Array(study.measurements.csv.utf8), to: path)
                Console.give("Wrote \(path)")
            case .xarray:
                let path = output ?? "\(study.folder)/study.h5"
                try study.writeHDF5(to: path)
                Console.give("Wrote \(path)")
            }
        }
    }
}
