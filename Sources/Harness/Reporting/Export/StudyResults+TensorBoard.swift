import Foundation
import Results
import Storage
import Study

extension StudyResults {
    /// Writes a folder for `tensorboard --logdir`: for each run a folder of its name with one event file.
    /// - Returns: the paths written.
    /// - Throws: `FileError`.
    /// - Parameter overwriting: whether files that are there may be replaced.
    public func writeEvents(to folder: String, overwriting: Bool = true) throws -> [String] {
        try records.map { record in
            let started = record.started, runFolder = "\(folder)/\(record.run.point)"
            try ResultsFolder.create(runFolder)
            // TensorBoard takes what has "tfevents" in its name; the time in it orders the files of one folder.
            let path = "\(runFolder)/events.out.tfevents.\(Int(started)).ablate"
            let output = try OutputFile(path, attempt: "write the events", overwriting: overwriting)
            try output.write(record.events(started: started).bytes)
            return path
        }
    }
}

extension Record {
    /// The time at which the run began, in seconds since 1970; 0 where the record has none.
    fileprivate var started: Double {
        let text = provenance.facts.first { $0.name == "started" }?.value ?? ""
        return (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970 ?? 0
    }

    /// Every curve under `training/…` and `evaluation/…`, the steps spread evenly over the training's time.
    fileprivate func events(started: Double) -> EventFile {
        var file = EventFile(wallTime: started)
        let perStep = TrainingAxis.seconds.perStep(self)
        for (source, curves) in [("training", training), ("evaluation", evaluation)] {
            for (name, column) in zip(curves.names, curves.columns) {
                for (step, value) in zip(curves.steps, column) {
                    file.append(
                        value, tag: "\(source)/\(name)", step: step, wallTime: started + Double(step) * perStep)
                }
            }
        }
        return file
    }
}
