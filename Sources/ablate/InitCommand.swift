import ArgumentParser
import Execution
import Foundation
import Storage
import Study

/// Writes the file of a first study.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a commented study that runs at once.",
        discussion: """
            Writes NAME.yaml in this folder, and beside it ablate.schema.json, by which editors complete and check it; overwrites \
            nothing else. The kinds are objectives (prediction, correction, both), \
            mismatch (strength of augmentation), sweep (learning rate and batch) and baselines (methods).
            """)

    @Argument(help: "The study's name, which is the file's and its results folder's too.")
    var name: String

    @Option(help: "objectives, mismatch, sweep or baselines.")
    var kind = StudyTemplate.objectives

    @Option(
        help:
            "The data: a set of the program's, such as digits or planar: {…}, or a mapping such as '{images: {folder: F}}'."
    )
    var data: String?

    @Option(help: "A teacher's file in place of one that is trained.", completion: .file(extensions: ["safetensors"]))
    var teacher: String?

    func run() throws {
        try Exit.translating {
            let path = "\(name).yaml"
            let text = kind.text(name: name, data: data, teacher: teacher, schema: SchemaCommand.fileName)
            try refuseExisting(path, attempt: "write the study")
            // A name that no study may have, or data that are none, are refused before anything is written.
            _ = try Study(yaml: text, file: path)
            try SchemaCommand.leave()
            try AtomicFile.write(Array(text.utf8), to: path)
            Console.give("Wrote \(path). Next: ablate plan \(path)")
        }
    }
}
