import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("Samples in the forms that evaluators read")
struct SampleFormatTests {
    let folder = TemporaryFolder()

    /// Two images of 3 × 2 × 2 whose channels and places are told apart, beyond the range on both ends.
    private static let colours = SampleArrays(
        values: [-1, -0.5, 0, 0.5, 1, 1, 1, 1, -2, 2, 0, 0] + [Float](repeating: 0.25, count: 12), dimension: 12,
        image: ImageShape(channels: 3, height: 2, width: 2), range: -1...1, labels: [7, 3])

    @Test("bytes are rounded, clamped, and have their channels last")
    func bytes() throws {
        let archive = try #require(Self.colours.archive())
        try archive.write(to: URL(fileURLWithPath: folder.file("samples.npz")))
        let file = try ArrayFile(folder.file("samples.npz"))
        let samples = try file.array("arr_0")
        #expect(samples.shape == [2, 2, 2, 3] && samples.element == .uint8)
        let first = try samples.floats(0..<1)
        #expect(first == [0, 255, 0, 64, 255, 255, 128, 255, 128, 191, 255, 128])
        #expect(try file.array("arr_1").floats(0..<2) == [7, 3])
        let exact = try #require(Self.colours.float32Archive())
        try exact.write(to: URL(fileURLWithPath: folder.file("exact.npz")))
        let numbers = try ArrayFile(folder.file("exact.npz")).array("arr_0")
        #expect(try numbers.element == .float32 && numbers.floats(0..<1).prefix(6) == [-1, 1, -2, -0.5, 1, 2])
    }

    @Test("points and latents without a range are float32")
    func float32() throws {
        let points = SampleArrays(values: [1, 2, 3, 4], dimension: 2, image: nil, range: nil, labels: nil)
        try #require(points.archive()).write(to: URL(fileURLWithPath: folder.file("points.npz")))
        let array = try ArrayFile(folder.file("points.npz")).array(nil)
        #expect(try array.shape == [2, 2] && array.element == .float32 && array.floats(0..<2) == [1, 2, 3, 4])
        let latents = SampleArrays(
            values: (0..<16).map(Float.init), dimension: 16, image: ImageShape(channels: 4, height: 2, width: 2),
            range: nil, labels: nil)
        try #require(latents.archive()).write(to: URL(fileURLWithPath: folder.file("latents.npz")))
        let stored = try ArrayFile(folder.file("latents.npz")).array(nil)
        #expect(try stored.shape == [1, 2, 2, 4] && stored.floats(0..<1).prefix(5) == [0, 4, 8, 12, 1])
        #expect(!latents.arePictures)
    }

    @Test(
        "numpy and Pillow read archive and pictures with the same bytes",
        .enabled(if: ExternalTool.hasNumPy && ExternalTool.hasPillow, "needs numpy and Pillow"))
    func readers() throws {
        try FileManager.default.createDirectory(atPath: folder.file("images"), withIntermediateDirectories: true)
        try Self.colours.writePictures(to: folder.file("images"))
        try #require(Self.colours.archive()).write(to: URL(fileURLWithPath: folder.file("samples.npz")))
        let read = try ExternalTool.python(
            """
            import numpy, sys, os
            from PIL import Image
            folder = os.path.dirname(sys.argv[1])
            with numpy.load(sys.argv[1]) as f: a, labels = f["arr_0"], f["arr_1"]
            images = [Image.open(f"{folder}/images/{i:06d}.png") for i in range(2)]
            print(a.dtype, a.shape, labels.dtype, labels.tolist(), images[0].mode, images[0].size)
            print(all((numpy.asarray(image) == a[i]).all() for i, image in enumerate(images)))
            """, folder.file("samples.npz"))
        #expect(read == "uint8 (2, 2, 2, 3) int64 [7, 3] RGB (2, 2)\nTrue\n", "\(read)")
    }
}
