import FlowMaps
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
            try output.write(try record.events(started: started).bytes)
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

    /// Every curve under `training/…` and `evaluation/…`, the steps spread evenly over the training's time; the saved samples where they
    /// are images; and the values on the study's axes as hyperparameters.
    fileprivate func events(started: Double) throws -> EventFile {
        var file = EventFile(wallTime: started)
        let perStep = TrainingAxis.seconds.perStep(self)
        file.append(
            hyperparameters: run.coordinates.map { ($0.axis, $0.number.map { .number($0) } ?? .text($0.label)) },
            group: SweepPoint.name(of: run.coordinates.filter { $0.axis != Study.seedAxis }), began: started,
            ended: started + provenance.wallSeconds, isDone: outcome == .done)
        try appendSamples(to: &file) { started + Double($0) * perStep }
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

    /// Samples in one row.
    private static let samplesShown = 10

    private func appendSamples(to file: inout EventFile, at time: (Int) -> Double) throws {
        guard let samples, let drawing = Drawing(run.specification.data) else { return }
        let last = evaluation.steps.last ?? 0, count = min(samples.count, Self.samplesShown)
        func append(_ values: [Float], _ tag: String, _ step: Int) throws {
            let own = min(count, values.count / samples.dimension)
            guard own > 0 else { return }
            let image = ImageGrid(
                drawing.shown(Array(values.prefix(own * samples.dimension))), shape: [own] + drawing.shape,
                valueRange: drawing.range, columns: Self.samplesShown, scale: drawing.scale
            ).image
            file.append(
                png: try image.encoded(), width: image.width, height: image.height, tag: tag, step: step,
                wallTime: time(step))
        }
        for (step, values) in zip(overTraining?.steps ?? [], overTraining?.values ?? []) where step < last {
            try append(values, "samples/student", step)
        }
        try append(samples.student, "samples/student", last)
        try append(samples.teacher, "samples/teacher", last)
    }
}
