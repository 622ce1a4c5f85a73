import FlowMaps
import TestSupport
import Testing

@testable import Storage
@testable import Study

@Suite("Latents in HDF5")
struct LatentFileTests {
    let folder = TemporaryFolder()
    private var path: String { folder.file("latents.h5") }
    private var source: DatasetSource { DatasetSource(LatentFormat(file: DataPath(path))) }

    /// Two samples of two channels, one high and two wide: 0, 1, … 7.
    private static let values = (0..<8).map(Float.init)

    private func write(
        _ values: [Float] = LatentFileTests.values, shape: [Int] = [2, 2, 1, 2], labels: [Int]? = nil,
        classes: Int? = nil,
        _ attributes: (HDF5Dataset) throws -> Void = { _ in }
    ) throws {
        try HDF5File.write(to: path) { root in
            try attributes(root.write("latents", values, shape: shape))
            guard let labels else { return }
            let dataset = try root.write("labels", labels, shape: [labels.count])
            if let classes { try dataset.setAttribute("classes", classes) }
        }
    }

    private func refusal(load: Bool = false) -> String {
        errorText { load ? try source.load().count : try source.inspected().dimension }.replacing(path + ": ", with: "")
    }

    @Test("without attributes are samples as they are")
    func plain() throws {
        try write()
        let data = try source.load()
        #expect(mismatch(data.samples, Self.values) == nil)
        #expect(data.labels == nil && data.valueRange == nil)
        #expect(data.imageShape == ImageShape(channels: 2, height: 1, width: 2))
    }

    @Test("are shifted and scaled, by one number or by one a channel, and have labels")
    func scaled() throws {
        try write(labels: [2, 0]) {
            try $0.setAttribute("shift", 1)
            try $0.setAttribute("scale", [2.0, -0.5])
        }
        let data = try source.load()
        #expect(data.samples == [-2, 0, -0.5, -1, 6, 8, -2.5, -3])
        #expect(data.labels == [2, 0] && data.classCount == 3)
        try write(labels: [2, 0], classes: 10)
        #expect(try source.load().classCount == 10)
    }

    @Test("of 64 bits are rounded")
    func double() throws {
        try HDF5File.write(to: path) { try $0.write("latents", [0.1, 0.2], shape: [2, 1, 1, 1]) }
        #expect(try source.load().samples == [0.1, 0.2])
    }

    private static let layout =
        "allowed: an HDF5 file with floats 'latents' [count, channels, height, width] and, optionally, whole numbers "
        + "'labels' [count]"

    @Test("that are missing, of another rank or type, or in a file that is no HDF5, are refused")
    func layout() throws {
        try HDF5File.write(to: path) { try $0.write("images", [1.0], shape: [1]) }
        #expect(
            refusal() == "found no way to open the dataset '/latents': there is none of that name, \(Self.layout)")
        try write(shape: [4, 2])
        #expect(
            refusal() == "found 'latents' [4, 2] of float32, allowed: floats [count, channels, height, width]")
        try HDF5File.write(to: path) { try $0.write("latents", [1, 2], shape: [2, 1, 1, 1]) }
        #expect(
            refusal() == "found 'latents' [2, 1, 1, 1] of int64, allowed: floats [count, channels, height, width]")
        try folder.write(Array("no HDF5".utf8), to: "latents.h5")
        #expect(refusal().hasPrefix("found no way to open the file: "))
        #expect(
            errorText { try DatasetSource(LatentFormat(file: DataPath(folder.file("absent")))).load() }
                == "\(folder.file("absent")): found no readable file (No such file or directory), allowed: a file")
    }

    @Test("that are not finite are refused when they are looked at, with the sample")
    func finite() throws {
        try write([0, 1, 2, 3, 4, 5, .infinity, 7])
        #expect(refusal() == "found inf in sample 1 of 'latents', allowed: finite numbers")
    }

    @Test("with labels of another count or range are refused")
    func labels() throws {
        try write(labels: [1, 2, 3])
        #expect(refusal() == "found 'labels' [3], allowed: [2], one for each sample")
        try write(labels: [1, -2])
        #expect(refusal() == "found label -2 of sample 1, allowed: whole numbers from 0 to 1048575")
        try write(labels: [1, 4], classes: 4)
        #expect(refusal() == "found label 4 of sample 1, allowed: from 0 to 3")
    }

    @Test("with attributes that make no scaling are refused")
    func attributes() throws {
        try write { try $0.setAttribute("scale", 0.0) }
        #expect(refusal() == "found scale 0 of channel 0, allowed: a number that is not 0")
        for wrong in [[1.0, 2, 3], [1, .nan]] {
            try write { try $0.setAttribute("shift", wrong) }
            #expect(
                refusal() == "found 'shift' of 'latents' of another kind, allowed: a finite number, or 2, one a channel"
            )
        }
        try HDF5File.write(to: path) {
            try $0.write("latents", [1.0], shape: [1, 1, 1, 1])
            try $0.setAttribute("scale", 2.0)
        }
        #expect(refusal() == "found the attribute 'scale' of the file, allowed: it as an attribute of 'latents'")
    }

    @Test("whose last axis alone looks like channels are read as layout says, and refused where it does not")
    func channelsLast() throws {
        try write((0..<24).map(Float.init), shape: [1, 2, 3, 4])
        #expect(
            refusal() == "found an array [1, 2, 3, 4], whose layout is not said, "
                + "allowed: layout: nhwc for images of 4 channels, 2 × 3, or layout: nchw for 2 channels, 3 × 4")
        let last = DatasetSource(LatentFormat(file: DataPath(path), layout: .nhwc))
        #expect(try last.load().imageShape == ImageShape(channels: 4, height: 2, width: 3))
        #expect(try Array(last.load().samples.prefix(6)) == [0, 4, 8, 12, 16, 20])
        let first = DatasetSource(LatentFormat(file: DataPath(path), layout: .nchw))
        #expect(try first.load().samples == (0..<24).map(Float.init))
        #expect(try first.inspected().content?.identity != last.inspected().content?.identity)
    }
}
