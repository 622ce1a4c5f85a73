import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("Studies on data from files")
struct DataStudyTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }
    private static let data = "{idx: {images: data/images, labels: data/labels}}"
    private static let yaml = TinyStudy.digits.changing("data: digits", to: "data: \(data)")

    /// Writes the images under `data`, and a study beside it.
    /// - Returns: the study's path.
    private func write(_ yaml: String = DataStudyTests.yaml, count: Int = 40) throws -> String {
        let (images, labels) = DataFiles.images(count, classes: 4)
        try folder.write(images, to: "data/images")
        try folder.write(labels, to: "data/labels")
        return try folder.write(Array(yaml.utf8), to: "study.yaml")
    }

    private func identities(_ file: String, _ settings: [String] = []) throws -> [Identity] {
        let stage = RunStage(run: try Study(file: file, settings: settings).runs[0])
        return [stage.teacher.identity, stage.reference.identity, stage.identity]
    }

    @Test("paths are meant from the folder of the file that says them; the runs know shape and classes")
    func paths() throws {
        let file = try write()
        let specification = try Study(file: file).runs[0].specification
        guard let idx = specification.data.format as? IDXFormat, let labels = idx.labels, let content = idx.content
        else {
            Issue.record("\(specification.data)")
            return
        }
        #expect(idx.images.text == folder.file("data/images") && labels.text == folder.file("data/labels"))
        #expect(content.count == 40 && content.classes == 4)
        #expect(specification.data.dimension == 6)
        let inner = "study: inner\nquestion: q\nextends: ../study.yaml"
        let other = try Study(file: folder.write(Array(inner.utf8), to: "inner/study.yaml"))
        #expect(other.runs[0].specification.data == specification.data)
    }

    @Test("paths that two folders' files write alike are two data sets")
    func alike() throws {
        _ = try write()
        let (images, labels) = DataFiles.images(30, classes: 4)
        try folder.write(images, to: "inner/data/images")
        try folder.write(labels, to: "inner/data/labels")
        let inner = """
            study: inner
            question: q
            extends: ../study.yaml
            axes:
              source: {outer: {}, inner: {data: {idx: {images: data/images, labels: data/labels}}}}
            """
        let runs = try Study(file: folder.write(Array(inner.utf8), to: "inner/study.yaml")).runs
        #expect(runs.map { $0.specification.data.content?.count } == [40, 30])
    }

    @Test("data that have moved are the same work; data that have changed are other work")
    func identity() throws {
        let file = try write()
        let before = try identities(file)
        try FileManager.default.moveItem(atPath: folder.file("data"), toPath: folder.file("moved"))
        let moved = "base.data={idx: {images: \(folder.file("moved/images")), labels: \(folder.file("moved/labels"))}}"
        #expect(try identities(file, [moved]) == before)
        _ = try write(count: 41)
        #expect(Set(try identities(file)).isDisjoint(with: before))
        // The same bytes without their labels are other data too.
        #expect(
            Set(
                try identities(
                    file,
                    [
                        "base.data={idx: {images: \(folder.file("moved/images"))}}",
                        "base.evaluation.features=coordinates", "base.evaluation.teacher.guidance=~",
                    ])
            ).isDisjoint(with: before))
    }

    @Test("a study is carried out on them, and its records are read without them")
    func run() async throws {
        let study = try Study(file: write(), settings: ["axes.seed=[0]"])
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.map(\.stageResult) == [StageResult](repeating: .done, count: 7))
        #expect(FileManager.default.fileExists(atPath: "\(results.point(study.runs[0]))/grid.png"))
        try FileManager.default.removeItem(atPath: folder.file("data"))
        let records = try results.records(of: results.study("tiny")).records
        #expect(records.map(\.run.specification) == study.runs.map(\.specification))
        #expect(records.map(\.identity) == study.runs.map { RunStage(run: $0).identity })
        #expect(try results.summarise("tiny", records).paths.last == "\(results.study("tiny"))/grid.png")
    }

    @Test("a finished run is taken over by a study that finds the same data elsewhere")
    func moved() async throws {
        let file = try write()
        let seed = "axes.seed=[0]"
        _ = try await Runner(
            Plan(try Study(file: file, settings: [seed]), results: results), launcher: LocalLauncher(), jobs: 1
        ).run()
        try FileManager.default.moveItem(atPath: folder.file("data"), toPath: folder.file("moved"))
        let yaml = Self.yaml.changing("study: tiny", to: "study: other").replacing("data/", with: "moved/")
        let other = try Study(file: folder.write(Array(yaml.utf8), to: "other.yaml"), settings: [seed])
        let plan = Plan(other, results: results)
        #expect(plan.pending.isEmpty)
        #expect(try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run().isEmpty)
        #expect(try results.records(of: results.study("other")).records.count == 2)
    }

    @Test("what is wrong with them is reported with the key's place, before anything runs")
    func refused() throws {
        let file = try write()
        func refusal(_ file: String) -> String {
            errorText { try Study(file: file) }.replacing(folder.path + "/", with: "")
        }
        try folder.write(DataFiles.images(3, classes: 2).labels, to: "data/labels")
        #expect(
            refusal(file) == """
                study.yaml:4:45: wrong value for base.data.idx.labels
                  found: data/labels: 3 labels
                  allowed: 40, one for each image
                  in the run objective=prediction,seed=0
                """)
        try FileManager.default.removeItem(atPath: folder.file("data/images"))
        #expect(
            refusal(file) == """
                study.yaml:4:24: wrong value for base.data.idx.images
                  found: data/images: no readable file (No such file or directory)
                  allowed: a file
                  in the run objective=prediction,seed=0
                """)
        let classes = Self.yaml.replacing(Self.data, with: "{idx: {images: a, classes: 3}}")
        #expect(
            refusal(try write(classes)) == """
                study.yaml:4:36: wrong value for base.data.idx.classes
                  found: 3
                  allowed: nothing, as there are no labels
                  in the run objective=prediction,seed=0
                """)
        let unknown = Self.yaml.replacing(Self.data, with: "{idx: {image: data/images, images: data/images}}")
        #expect(
            refusal(try write(unknown)) == """
                study.yaml:4:16: unknown key 'image' in base.data.idx
                  allowed: images, labels, classes, layout, content
                  did you mean 'images'?
                  in the run objective=prediction,seed=0
                """)
    }

    @Test("what the data do not allow is reported once they were looked at")
    func unfit() throws {
        let unlabelled = Self.yaml.replacing(Self.data, with: "{idx: {images: data/images}}")
        let file = try write(unlabelled)
        #expect(
            errorText { try Study(file: file) }.replacing(folder.path + "/", with: "") == """
                study.yaml:31:54: wrong value for base.evaluation.teacher.guidance
                  found: scale 2.0
                  allowed: no guidance, as the data have no classes
                  in the run objective=prediction,seed=0
                """)
    }

    @Test("stated content is compared with the files', when a study is read and when its work is done")
    func content() throws {
        let file = try write()
        let data = try Study(file: file).runs[0].specification.data
        let content = try #require(data.content)
        let stated = Self.data.replacing(
            "}}",
            with:
                ", content: {identity: \(content.identity), count: 40, channels: 1, height: 2, width: 3, classes: 4}}}")
        let pinned = Self.yaml.replacing(Self.data, with: stated)
        #expect(try Study(file: write(pinned)).runs[0].specification.data == data)
        let path = try write(pinned, count: 41)
        let text = errorText { try Study(file: path) }
        #expect(text.contains("wrong value for base.data.idx.images\n  found: \(folder.file("data/images")): content "))
        #expect(text.contains("allowed: content \(content.identity.prefix(12)), as stated for this data set before"))
        #expect(errorText { try data.load() }.hasSuffix("as stated for this data set before"))
    }

    /// Forty images of two classes in colour under `pictures`, and as many latents of four channels.
    private func writeColour() throws {
        let values = (0..<640).map { Float($0 * 7 % 40) / 20 - 1 }
        try HDF5File.write(to: folder.file("latents.h5")) { root in
            try root.write("latents", values, shape: [40, 4, 2, 2]).setAttribute("scale", 0.5)
            try root.write("labels", Array(repeating: [0, 1], count: 20).flatMap { $0 }, shape: [40])
        }
        for index in 0..<40 {
            let pixels = (0..<12).map { place -> UInt8 in UInt8((index * 12 + place) * 37 % 256) }
            let image = PNGImage(width: 2, height: 2, color: .rgb, pixels: pixels)
            try folder.write(image.encoded(), to: "pictures/\(index % 2)/\(index).png")
        }
    }

    @Test(
        "images in colour and latents of four channels go all the way, with a transformer",
        arguments: [("{images: {folder: pictures}}", 12), ("{latents: {file: latents.h5}}", 16)])
    func channels(data: String, dimension: Int) async throws {
        try writeColour()
        let network =
            "base.teacher.network={sit: {patch: 1, width: 8, depth: 1, heads: 2, "
            + "times: {count: 4, lowest: 0.5, highest: 6}}}"
        let yaml = Self.yaml.changing(Self.data, to: data)
        let study = try Study(file: write(yaml), settings: ["axes.seed=[0]", network])
        #expect(study.runs.allSatisfy { $0.specification.data.dimension == dimension })
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.map(\.stageResult) == [StageResult](repeating: .done, count: 7))
        let record = try Record.read(results.record(study.runs[0]))
        #expect(record.samples?.dimension == dimension)
        #expect(record.evaluation.last.values.allSatisfy { $0.isFinite })
        let grid = try PNGImage.read("\(results.point(study.runs[0]))/grid.png").image
        // Eight images of 2 × 24 pixels with 2 between them.
        #expect(grid.color == .rgb && grid.width == 8 * 50 + 2)
    }

    @Test("work fails where its data have changed since the study was read")
    func changed() async throws {
        let study = try Study(file: write(), settings: ["axes.seed=[0]"])
        _ = try write(count: 41)
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.count == 7 && !endings.map(\.stageResult).contains(.done))
        #expect(folder.names().sorted() == ["data", "results", "study.yaml"])
        #expect(try results.records(of: results.study("tiny")).records.isEmpty)
        guard case .failed(let cause) = endings[0].stageResult else { return }
        #expect(cause.hasSuffix("as stated for this data set before"))
    }

    @Test("a data-based run records how far its data are from the teacher's samples, and the table shows it")
    func discrepancy() async throws {
        let meanFlow = """
            axes.objective={freeflow: {student: {method: {freeflow: {secondTerm: ~}}}}, \
            weak: {student: {method: !replace {meanFlowFromTeacher: {states: {data: {augmentation: {kinds: [noise], strength: 0}}}, \
            times: {pair: {first: {point: {at: 1}}, second: {point: {at: 0}}, equal: 0}}}}}}, \
            strong: {student: {method: !replace {meanFlowFromTeacher: {states: {data: {augmentation: {kinds: [noise], strength: 1}}}, \
            times: {pair: {first: {point: {at: 1}}, second: {point: {at: 0}}, equal: 0}}}}}}}
            """
        let settings = ["axes.seed=[0]", "base.evaluation.features=coordinates", meanFlow]
        let study = try Study(file: write(), settings: settings)
        _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        let records = try results.records(of: results.study("tiny")).records
        let scores = records.map { $0.evaluation.last["dataDiscrepancy"] }
        try #require(scores.count == 3)
        #expect(scores[0] == nil, "no data are seen")
        let (weak, strong) = (try #require(scores[1]), try #require(scores[2]))
        // Of dimension 6, noise of variance 1/4 moves the moments far more than 64 draws do.
        #expect(weak.isFinite && strong.isFinite && weak != strong)
        #expect(StudyTable(records).table.csv.contains("data discrepancy"))
    }
}

@Suite("How samples are shown")
struct DrawingTests {
    private func drawing(channels: Int) throws -> Drawing {
        let image = ImageShape(channels: channels, height: 1, width: 2)
        let content = DataContent(identity: "", count: 1, image: image, classes: 0)
        return try #require(Drawing(DatasetSource(LatentFormat(file: DataPath(""), content: content))))
    }

    @Test("one channel is grey, three are colour, of others the first is grey or the first three are colour")
    func channels() throws {
        func values(_ channels: Int) -> [Float] { (0..<4 * channels).map(Float.init) }
        #expect(try mismatch(drawing(channels: 1).shown(values(1)), values(1)) == nil)
        #expect(try mismatch(drawing(channels: 3).shown(values(3)), values(3)) == nil)
        #expect(try drawing(channels: 2).shown(values(2)) == [0, 1, 4, 5])
        #expect(try drawing(channels: 4).shown(values(4)) == [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13])
        #expect(try [1, 2, 3, 4].map { try drawing(channels: $0).shape[0] } == [1, 1, 3, 3])
    }

    @Test("images have their range, latents three standard deviations of the prior, points are not drawn")
    func range() throws {
        #expect(try drawing(channels: 4).range == -3...3)
        #expect(Drawing(.digits)?.range == -1...1 && Drawing(.digits)?.scale == 6)
        #expect(Drawing(.planar(set: .rings, count: 1)) == nil)
    }
}
