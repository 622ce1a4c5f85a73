import Foundation
import Storage
import TestSupport
import Testing

@Suite("What HDF5 cannot hold or has lost is refused")
struct HDF5RefusalTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("run.h5") }

    struct Interruption: Error {}

    /// The text of the error that writing with `body` throws, without the path in front.
    private func refusal(_ body: (HDF5Group) throws -> Void) -> String? {
        let error = #expect(throws: HDF5Error.self) { try HDF5File.write(to: path, body) }
        #expect(folder.names() == [], "a refused file leaves nothing")
        #expect(error?.path == path)
        return error.map { String($0.description.dropFirst(path.count + 2)) }
    }

    /// The text of the error that reading with `body` throws, without the path in front.
    private func reading<Value>(_ body: (HDF5GroupReader) throws -> Value) -> String? {
        let error = #expect(throws: HDF5Error.self) { _ = try HDF5File.read(path, body) }
        return error.map { String($0.description.dropFirst(path.count + 2)) }
    }

    @Test("a writer that throws leaves neither target nor temporary")
    func throwing() {
        #expect(throws: Interruption.self) {
            try HDF5File.write(to: path) { root in
                try root.group("metrics").write("loss", [1.0], shape: [1])
                throw Interruption()
            }
        }
        #expect(folder.names() == [])
    }

    @Test("a writer that throws leaves the old file")
    func keepsOldFile() throws {
        try HDF5File.write(to: path) { try $0.setAttribute("version", 1) }
        #expect(throws: Interruption.self) {
            try HDF5File.write(to: path) { root in
                try root.setAttribute("version", 2)
                throw Interruption()
            }
        }
        try #expect(HDF5File.read(path) { try $0.attribute("version") } == .integer(1))
        #expect(folder.names() == ["run.h5"])
    }

    @Test("a missing folder is refused")
    func missingFolder() {
        let path = folder.file("absent/run.h5")
        let error = #expect(throws: FileError.self) { try HDF5File.write(to: path) { _ in } }
        #expect(error?.description == "\(path): cannot create the file: No such file or directory")
    }

    @Test("a group that outlives its file is refused")
    func outliving() throws {
        var leaked: HDF5Group?
        try HDF5File.write(to: path) { leaked = try $0.group("metrics") }
        let error = #expect(throws: HDF5Error.self) { try leaked?.write("loss", [1.0], shape: [1]) }
        #expect(error?.operation == "write '/metrics/loss'")
        try #expect(HDF5File.read(path) { try $0.group("metrics").datasetNames() } == [])
    }

    @Test("a name is given once")
    func twice() {
        #expect(
            refusal { root in
                try root.write("loss", [1.0], shape: [1])
                try root.write("loss", [1.0], shape: [1])
            } == "cannot write '/loss': unable to create dataset: name already exists")
        #expect(
            refusal { root in
                _ = try root.group("a")
                _ = try root.group("a")
            } == "cannot make the group '/a': unable to create group: name already exists")
        #expect(
            refusal { root in
                try root.setAttribute("seed", 1)
                try root.setAttribute("seed", 2)
            } == "cannot set the attribute 'seed' of '/': unable to create attribute: attribute already exists")
    }

    @Test("a name is one name")
    func names() {
        let reason = "a name is not empty, is not '.', and contains no '/' and no NUL"
        for name in ["", ".", "a/b", "/", "a\0b"] {
            #expect(refusal { _ = try $0.group(name) } == "cannot make the group '/\(name)': \(reason)")
            #expect(refusal { try $0.write(name, [1.0], shape: [1]) } == "cannot write '/\(name)': \(reason)")
        }
    }

    @Test("a large attribute is refused, a long text is a dataset")
    func largeAttribute() throws {
        let text = String(repeating: "x", count: 60_001)
        #expect(
            refusal { try $0.setAttribute("spec", text) }
                == "cannot set the attribute 'spec' of '/': it takes 60001 bytes, an attribute takes at most 60000; "
                + "write it as a dataset")
        #expect(refusal { try $0.setAttribute("x", [Double](repeating: 0, count: 7501)) } != nil)
        try HDF5File.write(to: path) { root in
            try root.write("spec", [text], shape: [])
            try root.setAttribute("x", [Double](repeating: 0, count: 7500))
        }
    }

    @Test("a string with NUL is refused")
    func nul() {
        #expect(
            refusal { try $0.write("names", ["a", "b\0c"], shape: [2]) }
                == "cannot write '/names': string 1 contains the character NUL, which ends a string in HDF5")
        #expect(
            refusal { try $0.setAttribute("name", "\0") }
                == "cannot set the attribute 'name' of '/': string 0 contains the character NUL, "
                + "which ends a string in HDF5")
    }

    @Test("axes with scales and axes without do not mix in one group")
    func mixedAxes() throws {
        #expect(
            refusal { root in
                try root.writeScale("step", count: 2)
                try root.write("loss", [1, 2], shape: [2])
            } == "cannot write '/loss': its axes have no scales, but those of this group's other datasets have")
        #expect(
            refusal { root in
                try root.write("loss", [1, 2], shape: [2])
                try root.writeScale("step", count: 2)
            } == "cannot write the scale '/step': datasets of this group have axes without scales")
        #expect(
            refusal { root in
                try root.writeScale("step", count: 2)
                let metrics = try root.group("metrics")
                try metrics.write("raw", [1, 2], shape: [2])
                try metrics.write("loss", [1, 2], shape: [2], dimensions: ["step"])
            }
                == "cannot write '/metrics/loss': its axes have scales, but those of this group's other datasets have none"
        )
        #expect(
            refusal { root in
                try root.writeScale("step", count: 2)
                try root.write("loss", [1, 2], shape: [2, 1], dimensions: ["step"])
            } == #"cannot write '/loss': the shape [2, 1] has 2 axes, the dimensions are ["step"]"#)
        // The other group may decide otherwise.
        try HDF5File.write(to: path) { root in
            try root.writeScale("step", count: 2)
            try root.group("raw").write("loss", [1, 2], shape: [2])
        }
    }

    @Test("a dimension needs a scale of its count")
    func dimensions() {
        #expect(
            refusal { root in
                try root.writeScale("step", count: 2)
                try root.writeScale("arm", ["a", "b"])
                try root.group("metrics").write("loss", [1, 2], shape: [2], dimensions: ["stpe"])
            } == "cannot write '/metrics/loss': no scale 'stpe' in this group or above it; there are 'arm', 'step'")
        #expect(
            refusal { root in
                try root.group("samples").writeScale("pixel", count: 2)
                try root.write("loss", [1, 2], shape: [2], dimensions: ["pixel"])
            } == "cannot write '/loss': no scale 'pixel' in this group or above it; there are none")
        #expect(
            refusal { root in
                try root.writeScale("step", count: 3)
                try root.write("loss", [1, 2], shape: [2], dimensions: ["step"])
            } == "cannot write '/loss': the axis 'step' has 2 values, its scale has 3")
    }

    @Test("a scale has 4000 users at most")
    func users() {
        let shape = [Int](repeating: 1, count: 8)
        let names = [String](repeating: "one", count: 8)
        #expect(
            refusal { root in
                try root.writeScale("one", count: 1)
                for index in 0...500 { try root.write("x\(index)", [1.0], shape: shape, dimensions: names) }
            } == "cannot attach the scale '/one' to '/x500': it is attached to 4000 axes already; "
                + "write it again in a group below")
    }

    @Test("values that do not fill the shape are the programmer's fault")
    func unfilledShape() async {
        let file = path
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [file = file as String] in
            try HDF5File.write(to: file) { try $0.write("x", [1.0, 2.0], shape: [3]) }
        }
        #expect(said("/x: 2 values do not fill the shape [3]", result))
    }

    @Test("an absent file, a folder and another kind of file are refused")
    func otherFiles() throws {
        #expect(reading { _ in } == "cannot open the file: No such file or directory")
        try AtomicFile.write(Array("not HDF5".utf8), to: path)
        #expect(reading { _ in } == "cannot open the file: unable to open file: file signature not found")
        unlink(path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(reading { _ in } == "cannot open the file: Is a directory")
    }

    @Test("a truncated file is refused", arguments: [0, 1, 50, 99])
    func truncated(percent: Int) throws {
        try HDF5File.write(to: path) { try $0.write("x", (0..<5000).map { Double($0).squareRoot() }, shape: [5000]) }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.prefix(bytes.count * percent / 100).write(to: URL(fileURLWithPath: path))
        let text = try #require(reading { _ in })
        #expect(
            text.hasPrefix(
                percent == 0
                    ? "cannot open the file: unable to open file: file signature not found"
                    : "cannot open the file: unable to open file: truncated file: eof = "))
    }

    @Test("a flipped bit in the data is found by the checksum")
    func damaged() throws {
        let values = (0..<20_000).map { Double($0).squareRoot() }
        try HDF5File.write(to: path) { try $0.write("x", values, shape: [20_000]) }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let text = reading { try $0.read("x", as: Double.self) }
        #expect(
            text
                == "cannot read '/x': can't read data: data error detected by Fletcher32 checksum")
    }

    @Test("a flipped bit in a few numbers, which stand in a header, is found by the header's checksum")
    func damagedHeader() throws {
        let values = (0..<40).map { Double($0).squareRoot() }
        try HDF5File.write(to: path) { try $0.write("x", values, shape: [40]) }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let number = values.withUnsafeBytes { Data($0[80..<160]) }
        let place = try #require(bytes.range(of: number)).lowerBound
        bytes[place] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let text = reading { try $0.read("x", as: Double.self) }
        #expect(text?.contains("incorrect metadata checksum") == true, "\(text ?? "no error")")
    }

    @Test("what is absent or of another kind is refused")
    func absent() throws {
        try HDF5File.write(to: path) { root in
            try root.group("metrics").write("loss", [1.0], shape: [1])
        }
        #expect(reading { try $0.group("metric") } == "cannot open the group '/metric': there is none of that name")
        #expect(reading { try $0.group("metrics/loss") } == "cannot open the group '/metrics/loss': it is not a group")
        #expect(reading { try $0.dataset("metrics") } == "cannot open the dataset '/metrics': it is not a dataset")
        #expect(
            reading { try $0.attribute("seed") }
                == "cannot read the attribute 'seed' of '/': there is no attribute of that name")
    }

    @Test("no value is changed by being read")
    func narrowing() throws {
        try HDF5File.write(to: path) { root in
            try root.write("x", [1.0], shape: [1])
            try root.write("i", [1], shape: [1])
            try root.write("s", ["a"], shape: [1])
        }
        #expect(
            reading { try $0.read("x", as: Float.self) }
                == "cannot read '/x': it is float64, which cannot be read as float32 without change")
        #expect(
            reading { try $0.read("i", as: Double.self) }
                == "cannot read '/i': it is int64, which cannot be read as float64 without change")
        #expect(
            reading { try $0.read("s", as: Int64.self) }
                == "cannot read '/s': it is string, which cannot be read as int64 without change")
        #expect(reading { try $0.read("x", as: String.self) } == "cannot read '/x': it is float64, not string")
    }
}
