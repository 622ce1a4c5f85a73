import Foundation
import Storage
import TestSupport
import Testing

@Suite("What is written to HDF5 is read back")
struct HDF5RoundTripTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("run.h5") }

    @Test("numbers of each type come back with their bits and their shape")
    func numbers() throws {
        let floats: [Float] = [0, -0.0, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1.1]
        let doubles: [Double] = [.pi, -.infinity, .leastNonzeroMagnitude]
        try HDF5File.write(to: path) { root in
            try root.write("float", floats, shape: [3, 2])
            try root.write("double", doubles, shape: [3])
            try root.write("int64", [.min, .max] as [Int64], shape: [2])
            try root.write("int", [-1, .max], shape: [2, 1])
            try root.write("int32", [.min, .max] as [Int32], shape: [1, 2])
            try root.write("uint8", [0, 255] as [UInt8], shape: [2])
            try root.write("scalar", [2.5], shape: [])
            try root.write("empty", [] as [Float], shape: [0, 4])
        }
        try HDF5File.read(path) { root in
            let read = try root.read("float", as: Float.self)
            #expect(read.shape == [3, 2])
            #expect(read.values.map(\.bitPattern) == floats.map(\.bitPattern))
            try #expect(root.read("double") == HDF5Array(values: doubles, shape: [3]))
            try #expect(root.read("int64") == HDF5Array(values: [Int64.min, .max], shape: [2]))
            try #expect(root.read("int") == HDF5Array(values: [-1, Int.max], shape: [2, 1]))
            try #expect(root.read("int32") == HDF5Array(values: [Int32.min, .max], shape: [1, 2]))
            try #expect(root.read("uint8") == HDF5Array(values: [UInt8(0), 255], shape: [2]))
            try #expect(root.read("scalar") == HDF5Array(values: [2.5], shape: []))
            try #expect(root.read("empty") == HDF5Array(values: [Float](), shape: [0, 4]))
        }
    }

    @Test("NaN keeps its payload")
    func notANumber() throws {
        let value = Float(bitPattern: 0x7FC0_1234)
        try HDF5File.write(to: path) { try $0.write("nan", [value], shape: [1]) }
        let bits = try HDF5File.read(path) { try $0.read("nan", as: Float.self).values.map(\.bitPattern) }
        #expect(bits == [0x7FC0_1234])
    }

    @Test("strings come back: empty, of other alphabets, and of a megabyte")
    func strings() throws {
        let long = String(repeating: "λ = 0.5\n", count: 120_000)
        try HDF5File.write(to: path) { root in
            try root.write("names", ["", "arm", "Größe", "流れ"], shape: [2, 2])
            try root.write("spec", [long], shape: [])
            try root.write("none", [] as [String], shape: [0])
        }
        try HDF5File.read(path) { root in
            try #expect(root.read("names") == HDF5Array(values: ["", "arm", "Größe", "流れ"], shape: [2, 2]))
            try #expect(root.read("spec") == HDF5Array(values: [long], shape: []))
            try #expect(root.read("none") == HDF5Array(values: [String](), shape: [0]))
        }
    }

    @Test("an array of many chunks comes back")
    func chunked() throws {
        let values = (0..<(5 * 100 * 301)).map { Float($0) }
        try HDF5File.write(to: path) { try $0.write("x", values, shape: [5, 100, 301]) }
        let read = try HDF5File.read(path) { try $0.read("x", as: Float.self) }
        #expect(mismatch(read.values, values) == nil)
        #expect(read.shape == [5, 100, 301])
    }

    @Test(
        "attributes come back",
        arguments: [
            .string("Größe"), .string(""), .double(0.1), .integer(.min), .boolean(true), .boolean(false),
            .strings(["a", "", "λ"]), .strings([]), .floats([1, .infinity]), .floats([]), .doubles([0.1, -2]),
            .doubles([]), .integers([.max, 0]), .integers([]), .string(String(repeating: "x", count: 60_000)),
        ] as [HDF5Attribute])
    func attributes(_ value: HDF5Attribute) throws {
        try HDF5File.write(to: path) { root in
            try root.setAttribute("value", value)
            try root.write("x", [1.0], shape: [1]).setAttribute("value", value)
        }
        try HDF5File.read(path) { root in
            try #expect(root.attribute("value") == value)
            try #expect(root.dataset("x").attribute("value") == value)
        }
    }

    @Test("Swift values become attributes of their type")
    func attributeTypes() throws {
        try HDF5File.write(to: path) { root in
            try root.setAttribute("b", true)
            try root.setAttribute("a", "text")
            try root.setAttribute("c", 3)
            try root.setAttribute("d", Float(0.5))
            try root.setAttribute("e", [1, 2])
            try root.setAttribute("f", [Float(1.5)])
        }
        try HDF5File.read(path) { root in
            try #expect(root.attributeNames() == ["a", "b", "c", "d", "e", "f"])
            try #expect(
                root.attributeNames().map { try root.attribute($0) } == [
                    .string("text"), .boolean(true), .integer(3), .double(0.5), .integers([1, 2]), .floats([1.5]),
                ])
        }
    }

    @Test("groups nest, and names may hold what sweeps put in them")
    func groups() throws {
        try HDF5File.write(to: path) { root in
            let run = try root.group("runs").group("λ=0.5,seed=1")
            try run.write("loss", [1.0], shape: [1])
            try run.group("samples").setAttribute("count", 4)
            _ = try run.group("eval")
        }
        try HDF5File.read(path) { root in
            try #expect(root.groupNames() == ["runs"])
            try #expect(root.datasetNames() == [])
            let run = try root.group("runs/λ=0.5,seed=1")
            try #expect(run.groupNames() == ["eval", "samples"])
            try #expect(run.datasetNames() == ["loss"])
            try #expect(run.group("samples").attribute("count") == .integer(4))
            try #expect(root.read("runs/λ=0.5,seed=1/loss") == HDF5Array(values: [1.0], shape: [1]))
        }
    }

    @Test("narrower numbers are read as wider ones")
    func widening() throws {
        try HDF5File.write(to: path) { root in
            try root.write("float", [0.5] as [Float], shape: [1])
            try root.write("byte", [200] as [UInt8], shape: [1])
        }
        try HDF5File.read(path) { root in
            try #expect(root.read("float", as: Double.self).values == [0.5])
            try #expect(root.read("byte", as: Int64.self).values == [200])
            try #expect(root.read("byte", as: Int32.self).values == [200])
        }
    }

    @Test("scales name the axes, from the group itself and from those above")
    func scales() throws {
        try HDF5File.write(to: path) { root in
            try root.writeScale("step", [0, 100] as [Int64])
            try root.writeScale("arm", ["none", "correction", "both"])
            let samples = try root.group("samples")
            try samples.writeScale("step", [5] as [Int64])
            try samples.writeScale("pixel", count: 4)
            try root.write("loss", [1, 2, 3, 4, 5, 6], shape: [3, 2], dimensions: ["arm", "step"])
            try samples.write("image", [9, 8, 7, 6] as [UInt8], shape: [1, 4], dimensions: ["step", "pixel"])
            try root.write("note", ["scalars have no axes"], shape: [])
        }
        try HDF5File.read(path) { root in
            try #expect(root.dataset("loss").dimensions() == ["arm", "step"])
            try #expect(root.dataset("samples/image").dimensions() == ["step", "pixel"])
            try #expect(root.dataset("note").dimensions() == [])
            try #expect(root.read("arm").values == ["none", "correction", "both"])
            try #expect(root.read("samples/pixel", as: Int64.self).values == [0, 1, 2, 3])
            try #expect(root.dataset("arm").attributeNames() == [])
        }
    }

    @Test("a file written a second later has the same bytes")
    func identicalBytes() throws {
        func write(_ name: String) throws -> Data? {
            try HDF5File.write(to: folder.file(name)) { root in
                try root.setAttribute("name", "study")
                try root.setAttribute("teacher", true)
                let metrics = try root.group("metrics")
                try metrics.writeScale("step", (0..<1000).map { Int64($0) })
                try metrics.writeScale("metric", ["loss", "distance"])
                let values = (0..<2000).map { Float($0).squareRoot() }
                try metrics.write("values", values, shape: [1000, 2], dimensions: ["step", "metric"])
                    .setAttribute("units", "1")
                try metrics.write("note", ["text"], shape: [])
            }
            return FileManager.default.contents(atPath: folder.file(name))
        }
        let first = try #require(try write("first.h5"))
        // HDF5 counts times in seconds.
        let second = time(nil)
        while time(nil) == second { usleep(10_000) }
        try #expect(write("second.h5") == first)
    }

    @Test("threads write and read files at the same time")
    func concurrently() async throws {
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for index in 0..<8 {
                group.addTask {
                    let path = folder.file("\(index).h5")
                    try HDF5File.write(to: path) { root in
                        try root.writeScale("i", count: 1000)
                        for part in 0..<10 {
                            let values = [Float](repeating: Float(index), count: 1000)
                            try root.write("x\(part)", values, shape: [1000], dimensions: ["i"])
                        }
                    }
                    #expect(throws: HDF5Error.self) { try HDF5File.read(path) { try $0.dataset("absent") } }
                    return try HDF5File.read(path) { try $0.read("x9").values }
                }
            }
            for try await values in group { #expect(Set(values).count == 1) }
        }
        #expect(folder.names() == (0..<8).map { "\($0).h5" })
    }

    @Test("a file is read while another is written")
    func nested() throws {
        try HDF5File.write(to: folder.file("a.h5")) { try $0.write("x", [1.0, 2.0], shape: [2]) }
        try HDF5File.write(to: folder.file("b.h5")) { root in
            let values = try HDF5File.read(folder.file("a.h5")) { try $0.read("x", as: Double.self).values }
            try root.write("sum", [values.reduce(0, +)], shape: [])
        }
        try #expect(HDF5File.read(folder.file("b.h5")) { try $0.read("sum").values } == [3.0])
    }
}
