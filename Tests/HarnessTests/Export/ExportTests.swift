import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Storage
@testable import Study

@Suite("A study's numbers for other tools")
struct ExportTests {
    let folder = TemporaryFolder()

    @Test("the checksum is that of RFC 3720, masked as TFRecord wants")
    func checksum() {
        // The check value of CRC-32C, of the digits 1 to 9, and the test vector of 32 zeros in RFC 3720, B.4.
        #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(EventFile.masked(0) == 0xA282_EAD8)
        #expect(EventFile.masked(0x0000_8000) == 0xA282_EAD9)
    }

    @Test("an event has its time, step, tag and value where protocol buffers have them")
    func event() {
        var file = EventFile(wallTime: 0)
        let start = file.bytes.count
        file.append(1, tag: "a", step: 300, wallTime: 2)
        let record = Array(file.bytes[start...])
        let event: [UInt8] = [
            0x09, 0, 0, 0, 0, 0, 0, 0, 0x40,  // 1: wall_time 2.0
            0x10, 0xAC, 0x02,  // 2: step 300
            0x2A, 10, 0x0A, 8, 0x0A, 1, 0x61, 0x15, 0, 0, 0x80, 0x3F,  // 5: summary, 1: value, 1: tag, 2: simple_value
        ]
        #expect(record.count == 8 + 4 + event.count + 4)
        #expect(record.prefix(8) == [UInt8(event.count), 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(record[12..<(12 + event.count)]) == event)
    }

    @Test("a run a folder for TensorBoard")
    func tensorBoard() throws {
        let records = try SampleResults.conditional()
        let paths = try SampleResults.make(records).writeEvents(to: folder.path)
        #expect(paths.count == 6 && folder.names() == records.map(\.run.point).sorted())
        #expect(paths.allSatisfy { $0.contains("/events.out.tfevents.") })
    }

    @Test("the long form has a row a measurement")
    func measurements() throws {
        let record = try SampleRecord.make(
            [SampleRecord.coordinate("objective", "a")],
            scores: [("frechetDistance", 0.5), ("frechetDistance@4", 0.25)],
            drift: Drift(durations: [0.5], student: [0.25], ceiling: [0.75]))
        #expect(
            SampleResults.make([record]).measurements.csv == """
                study,run,objective,source,name,mapSteps,step,duration,budget,value\r
                tiny,objective=a,a,training,loss,,1,,,2.0\r
                tiny,objective=a,a,training,loss,,2,,,1.0\r
                tiny,objective=a,a,training,gradientNorm,,1,,,0.1\r
                tiny,objective=a,a,training,gradientNorm,,2,,,0.3\r
                tiny,objective=a,a,evaluation,frechetDistance,1,20,,,0.5\r
                tiny,objective=a,a,evaluation,frechetDistance,4,20,,,0.25\r
                tiny,objective=a,a,floor,frechetDistance,,,,,0.125\r
                tiny,objective=a,a,ceiling,frechetDistance,,,,,1.5\r
                tiny,objective=a,a,drift,student,,,0.5,,0.25\r
                tiny,objective=a,a,drift,ceiling,,,0.5,,0.75\r

                """)
    }

    @Test("the block has the axes as dimensions, NaN where there is no run or the axis does not apply")
    func block() throws {
        let path = folder.file("study.h5")
        try SampleResults.make(try SampleResults.conditional()).writeHDF5(to: path)
        try HDF5File.read(path) { root in
            let scores = try root.dataset("evaluation/frechetDistance")
            #expect(scores.shape == [2, 3, 2, 1])
            #expect(try scores.dimensions() == ["objective", "strength", "seed", "step"])
            let values = try scores.values(as: Double.self).values
            let found = values.map { $0.isNaN ? nil : $0 }
            #expect(found == [1, 3, 5, 7, nil, nil, nil, nil, nil, nil, 0.5, 1.5])
            #expect(try root.read("objective", as: String.self).values == ["meanFlow", "freeflow"])
            let strengths = try root.read("strength", as: Double.self).values
            #expect(strengths.prefix(2) == [0, 0.5] && strengths[2].isNaN)
            #expect(try root.dataset("training/loss").shape == [2, 3, 2, 2])
            #expect(try root.dataset("floor/frechetDistance").shape == [2, 3, 2])
            #expect(try root.read("outcome", as: String.self).values.filter { $0 == "done" }.count == 6)
        }
    }

    @Test("numbers of steps are a dimension of the scores that any run has in several")
    func steps() throws {
        let path = folder.file("study.h5")
        let records = try [
            ("one", [("frechetDistance", 3.0), ("dataDiscrepancy", 5)]),
            ("two", [("frechetDistance", 2), ("dataDiscrepancy", 5), ("frechetDistance@4", 1)]),
        ].enumerated().map { position, run in
            try SampleRecord.make(
                [SampleRecord.coordinate("method", run.0)], position: position, scores: run.1)
        }
        try SampleResults.make(records).writeHDF5(to: path)
        try HDF5File.read(path) { root in
            let scores = try root.dataset("evaluation/frechetDistance")
            #expect(try scores.dimensions() == ["method", "mapSteps", "step"])
            #expect(try root.read("evaluation/mapSteps", as: Int64.self).values == [1, 4])
            let values = try scores.values(as: Double.self).values
            #expect(values.map { $0.isNaN ? nil : $0 } == [3, nil, 2, 1])
            #expect(try root.dataset("evaluation/dataDiscrepancy").dimensions() == ["method", "step"])
        }
    }

    @Test("axes may have the names of what is written, and a study need have none")
    func names() throws {
        let step = try SampleRecord.make([SampleRecord.coordinate("step", "1"), SampleRecord.coordinate("loss", "2")])
        try SampleResults.make([step]).writeHDF5(to: folder.file("a.h5"))
        let named = try HDF5File.read(folder.file("a.h5")) { try $0.dataset("training/loss_").dimensions() }
        #expect(named == ["step", "loss", "step_"])
        try SampleResults.make([try SampleRecord.make([])]).writeHDF5(to: folder.file("b.h5"))
        let alone = try HDF5File.read(folder.file("b.h5")) {
            try $0.dataset("evaluation/frechetDistance").dimensions()
        }
        #expect(alone == ["step"])
    }

    @Test("axes of which few values meet are coordinates of the runs: the file has the size of the runs")
    func sparse() throws {
        let records = try (0..<100).map { index in
            try SampleRecord.make(
                ["a", "b", "c", "d"].map { SampleRecord.coordinate($0, "\(index)") }, position: index)
        }
        try SampleResults.make(records).writeHDF5(to: folder.file("x.h5"))
        try HDF5File.read(folder.file("x.h5")) { root in
            let scores = try root.dataset("evaluation/frechetDistance")
            #expect(try scores.dimensions() == ["run", "step"])
            #expect(try root.dataset("outcome").shape == [100])
            #expect(try root.read("c", as: Double.self).values == (0..<100).map(Double.init))
            #expect(try root.attribute("coordinates") == .string("a b c d"))
        }
        let size = try FileManager.default.attributesOfItem(atPath: folder.file("x.h5"))[.size] as? Int
        #expect((size ?? .max) < 1_000_000)
    }

    @Test("one factor at a time has absent values, and an axis may be named run")
    func oneFactorAtATime() throws {
        let axes = ["run", "b", "c", "d", "e"]
        let records = try axes.enumerated().map { index, axis in
            try SampleRecord.make(
                axes[..<index].map { SampleRecord.coordinate($0, "1") } + [
                    SampleRecord.coordinate(axis, "\(index + 2)")
                ],
                position: index)
        }
        try SampleResults.make(records).writeHDF5(to: folder.file("x.h5"))
        try HDF5File.read(folder.file("x.h5")) { root in
            let loss = try root.dataset("training/loss")
            #expect(try loss.dimensions() == ["run_", "step"])
            #expect(try root.read("run", as: Double.self).values == [2, 1, 1, 1, 1])
            #expect(try root.read("e", as: Double.self).values.map { $0.isNaN ? 0 : $0 } == [0, 0, 0, 0, 6])
        }
    }

    @Test("xarray opens sparse axes as coordinates", .enabled(if: ExternalTool.hasXarray, "no xarray here"))
    func xarraySparse() throws {
        let records = try (0..<30).map { index in
            try SampleRecord.make(["a", "b"].map { SampleRecord.coordinate($0, "\(index)") }, position: index)
        }
        try SampleResults.make(records).writeHDF5(to: folder.file("x.h5"))
        let output = try ExternalTool.python(
            """
            import sys, xarray
            tree = xarray.open_datatree(sys.argv[1], engine="h5netcdf")
            scores = tree["evaluation"].frechetDistance
            print(scores.dims, sorted(tree.coords), float(tree.coords["b"].values[7]))
            """, folder.file("x.h5"))
        #expect(output == "('run', 'step') ['a', 'b', 'run'] 7.0\n")
    }

    @Test("xarray opens the block", .enabled(if: ExternalTool.hasXarray, "no xarray here"))
    func xarray() throws {
        let path = folder.file("study.h5")
        try SampleResults.make(try SampleResults.conditional()).writeHDF5(to: path)
        let output = try ExternalTool.python(
            """
            import sys, xarray
            tree = xarray.open_datatree(sys.argv[1], engine="h5netcdf")
            print(float(tree["evaluation"].frechetDistance.sel(objective="meanFlow", strength=0.5, seed=1).item()))
            """, path)
        #expect(output == "7.0\n")
    }
}
