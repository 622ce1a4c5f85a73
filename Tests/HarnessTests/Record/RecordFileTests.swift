import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("Files that are records, and files that are none")
struct RecordFileTests {
    let folder = TemporaryFolder()
    var results: ResultsFolder { ResultsFolder(folder.path) }

    private func write(_ record: Record) throws -> String {
        try ResultsFolder.create(results.point(record.run))
        try record.write(to: results.record(record.run))
        return results.record(record.run)
    }

    private func sample(_ seed: Int, position: Int = 0) throws -> Record {
        try SampleRecord.make(
            [SampleRecord.coordinate("seed", "\(seed)")], position: position,
            samples: SavedSamples(student: [1, 2, 3, 4], teacher: [4, 3, 2, 1], labels: nil, dimension: 2))
    }

    @Test("one of another schema, and one that is none, are refused with both")
    func schema() throws {
        let path = folder.file("run.h5")
        try HDF5File.write(to: path) { try $0.setAttribute("schema", "ablate.run/99") }
        #expect(
            errorText { try Record.read(path).identity }
                == "\(path): found schema 'ablate.run/99', of a later version of ablate, allowed: schema '\(Record.schema)'"
        )
        try HDF5File.write(to: path) { _ in }
        #expect(
            errorText { try Record.read(path).identity }
                == "\(path): found no schema, allowed: schema '\(Record.schema)'")
    }

    @Test("are listed in the study's order; a truncated one is told with the reason, and the others stay")
    func listing() throws {
        _ = try write(sample(2, position: 0))
        let truncated = try write(sample(1, position: 1))
        _ = try write(sample(0, position: 2))
        try Data(contentsOf: URL(fileURLWithPath: truncated)).dropLast(100).write(to: URL(fileURLWithPath: truncated))
        try ResultsFolder.create(folder.file("tiny/not a run"))
        try Data("text".utf8).write(to: URL(fileURLWithPath: folder.file("tiny/table.csv")))
        let (records, unreadable) = try results.records(of: results.study("tiny"))
        #expect(records.map(\.run.point) == ["seed=2", "seed=0"])
        try #require(unreadable.map(\.path) == [truncated])
        #expect(
            unreadable[0].reason.hasPrefix("\(truncated): cannot open the file: unable to open file: truncated file"))
    }

    @Test("a folder that is absent or a file is refused")
    func folders() throws {
        let absent = folder.file("absent")
        #expect(
            errorText { try results.records(of: absent).records.count }
                == "\(absent): cannot list the study's folder: No such file or directory")
        try Data().write(to: URL(fileURLWithPath: folder.file("file")))
        let file = folder.file("file")
        #expect(
            errorText { try results.records(of: file).records.count }
                == "\(file): cannot list the study's folder: Not a directory")
    }

    @Test("a shared file that is another's is not taken for what was asked")
    func cache() throws {
        let stage = RunStage(run: try Study(yaml: TinyStudy.planar, file: "study.yaml").runs[0]).teacher
        let path = folder.file("teacher.h5")
        try HDF5File.write(to: path) { root in
            try root.setAttribute("schema", CachedFile.schema)
            try root.setAttribute("identity", Identity(hashing: []).hex)
        }
        #expect(
            errorText { try CachedFile.read(.teacher(stage), from: path) { _ in 1 } }
                == "\(path): found another file, allowed: \(Stage.teacher(stage).title) of schema 'ablate.cache/2'")
    }
}

@Suite("Other programs read records")
struct RecordToolTests {
    let folder = TemporaryFolder()

    private func record() throws -> String {
        let path = folder.file("run.h5")
        try SampleRecord.make(
            [.init(axis: "objective", label: "combined", number: nil), SampleRecord.coordinate("seed", "3")],
            samples: SavedSamples(student: [1, 2, 3, 4], teacher: [4, 3, 2, 1], labels: [0, 1], dimension: 2)
        ).write(to: path)
        return path
    }

    @Test("h5dump lists its groups and datasets", .enabled(if: ExternalTool.hasH5dump, "no h5dump here"))
    func dump() throws {
        let header = ExternalTool.run("h5dump -H '\(try record())'").output
        for group in ["axes", "training", "evaluation", "reference", "floor", "ceiling", "samples", "provenance"] {
            #expect(header.contains("GROUP \"\(group)\""), "no group \(group)")
        }
        for dataset in [
            "specification", "step", "loss", "gradientNorm", "frechetDistance", "student", "teacher", "label",
        ] {
            #expect(header.contains("DATASET \"\(dataset)\""), "no dataset \(dataset)")
        }
        for attribute in ["schema", "identity", "study", "point", "seed", "outcome", "host", "trainingSeconds"] {
            #expect(header.contains("ATTRIBUTE \"\(attribute)\""), "no attribute \(attribute)")
        }
    }

    @Test("h5py reads attributes and curves", .enabled(if: ExternalTool.hasH5py, "no h5py here"))
    func h5py() throws {
        let program = """
            import sys, h5py
            with h5py.File(sys.argv[1], "r") as file:
                print(file.attrs["study"], file.attrs["point"], file.attrs["outcome"], list(file.attrs["axes"]))
                print(dict(file["axes"].attrs), {name: float(x) for name, x in file["axes/numbers"].attrs.items()})
                print(file["training/loss"][...].tolist(), file["training/step"][...].tolist())
                print(file["specification"].asstr()[()].splitlines()[0])
                print(file["reference/floor"].attrs["frechetDistance"], file["samples/label"][...].tolist())
            """
        #expect(
            try ExternalTool.python(program, try record()) == """
                tiny objective=combined,seed=3 done ['objective', 'seed']
                {'objective': 'combined', 'seed': '3'} {'seed': 3.0}
                [2.0, 1.0] [1, 2]
                data:
                0.125 [0, 1]

                """)
    }

    @Test("xarray opens the tree with steps as coordinates", .enabled(if: ExternalTool.hasXarray, "no xarray here"))
    func xarray() throws {
        let program = """
            import sys, xarray
            tree = xarray.open_datatree(sys.argv[1], engine="h5netcdf")
            print(tree["evaluation"].frechetDistance.dims, tree["evaluation"].frechetDistance.sel(step=20).item())
            print(tree["training"].loss.coords["step"].values.tolist(), tree["samples"].student.shape)
            print(tree["axes"].attrs["objective"], tree["provenance"].attrs["threads"])
            """
        #expect(
            try ExternalTool.python(program, try record()) == """
                ('step',) 0.5
                [1, 2] (2, 2)
                combined 1

                """)
    }
}
