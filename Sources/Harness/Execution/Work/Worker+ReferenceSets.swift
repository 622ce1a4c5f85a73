import FlowMaps
import Results
import Storage
import Study
import Tensors

extension Worker {
    /// The sets that samples are measured against.
    /// - Parameters:
    ///   - reference: samples of the teacher from noise of their own, with its labels.
    ///   - known: features of the sets that a program answered before, from the reference's product.
    func referenceSets(
        _ stage: ReferenceStage, reference: [Float], labels: [Int]?, data: TrainingData, _ extractor: FeatureExtractor,
        known: KnownFeatures? = nil, on backend: any Backend
    ) throws -> ReferenceSets {
        let teacher = ReferenceSets.Member(
            samples: reference, labels: labels,
            read: try known.map { $0.reading($0.teacher) }
                ?? extractor(reference, labels: labels, subject: "reference samples of the teacher"))
        guard stage.evaluatedMetrics.contains(where: { $0.reference == .data }) else {
            return ReferenceSets(teacher: teacher, data: nil)
        }
        let rows = try Tensor.materialized([data.samples], on: backend)[0]
        let rowLabels = data.labels?.knownValues.map { $0.map { Int($0) } }
        let read =
            try known.flatMap { known in known.data.map { known.reading($0) } }
            ?? extractor(rows, labels: rowLabels, subject: "all rows of the data")
        return ReferenceSets(teacher: teacher, data: .init(samples: rows, labels: rowLabels, read: read))
    }
}

/// Features that a program answered of the reference's sets, stored so that no run asks for them again.
struct KnownFeatures {
    let width: Int
    /// [count · width].
    let teacher: [Float]
    let data: [Float]?

    func reading(_ features: [Float]) -> FeatureExtractor.Reading {
        FeatureExtractor.Reading(features: features, width: width, logits: nil)
    }

    func write(to group: HDF5Group) throws {
        try group.setAttribute("width", width)
        try group.write("teacher", teacher, shape: [teacher.count / width, width])
        if let data { try group.write("data", data, shape: [data.count / width, width]) }
    }

    init(_ group: HDF5GroupReader) throws {
        width = Int(try group.number("width"))
        teacher = try group.read("teacher", as: Float.self).values
        data = try group.datasetNames().contains("data") ? group.read("data", as: Float.self).values : nil
        guard width > 0, teacher.count.isMultiple(of: width) else {
            throw RecordError(path: group.place.path, found: "features of width \(width)", allowed: "whole rows")
        }
    }

    init(_ sets: ReferenceSets) {
        (width, teacher, data) = (sets.teacher.read.width, sets.teacher.read.features, sets.data?.read.features)
    }
}
