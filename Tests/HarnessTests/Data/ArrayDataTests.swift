import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Storage
@testable import Study

@Suite("Arrays as data sets")
struct ArrayDataTests {
    let folder = TemporaryFolder()

    private func source(
        _ file: String, dataset: String? = nil, labels: String? = nil, labelFile: String? = nil,
        layout: ArrayLayout? = nil, classes: Int? = nil, shift: Double? = nil, scale: Double? = nil
    ) -> DatasetSource {
        DatasetSource(
            ArrayFormat(
                file: DataPath(folder.file(file)), dataset: dataset, labels: labels,
                labelFile: labelFile.map { DataPath(folder.file($0)) }, layout: layout, classes: classes, shift: shift,
                scale: scale))
    }

    private func refusal(_ source: DatasetSource) -> String {
        errorText { try source.inspected() }.replacing(folder.path + "/", with: "")
    }

    @Test("bytes of NumPy are pixels, channels last where that is said")
    func bytes() throws {
        try folder.write(ArrayFiles.npy("|u1", [2, 1, 2, 3], (0..<12).map { 20 * $0 }), to: "x.npy")
        let data = try source("x.npy", layout: .nhwc).load()
        #expect(data.imageShape == ImageShape(channels: 3, height: 1, width: 2) && data.valueRange == -1...1)
        #expect(data.samples.prefix(6).map { (($0 + 1) * 127.5).rounded() } == [0, 60, 20, 80, 40, 100])
    }

    @Test("a last axis that alone looks like channels is refused with both readings")
    func layout() throws {
        try folder.write(
            ArrayFiles.npy("<f4", [1, 2, 2, 3], ArrayFiles.bytes([Float](repeating: 0, count: 12))), to: "x.npy")
        #expect(
            refusal(source("x.npy")) == "x.npy: found an array [1, 2, 2, 3], whose layout is not said, "
                + "allowed: layout: nhwc for images of 3 channels, 2 × 2, or layout: nchw for 2 channels, 2 × 3")
        try folder.write(ArrayFiles.npy("<f4", [2, 3], ArrayFiles.bytes([Float](repeating: 0, count: 6))), to: "x.npy")
        #expect(refusal(source("x.npy")).hasPrefix("x.npy: found an array [2, 3], allowed: images"))
        #expect(
            refusal(source("absent.npy"))
                == "absent.npy: found no readable file (No such file or directory), allowed: a file")
    }

    @Test("every type of number is read, little- and big-endian")
    func types() throws {
        let expected: [Float] = [1, 2, 250, 3]
        let files: [(String, [UInt8])] = [
            ("<f8", ArrayFiles.bytes([1.0, 2, 250, 3] as [Double])),
            ("<f4", ArrayFiles.bytes([1, 2, 250, 3] as [Float])),
            ("<i8", ArrayFiles.bytes([1, 2, 250, 3] as [Int64])),
            ("<u4", ArrayFiles.bytes([1, 2, 250, 3] as [UInt32])),
            ("<i2", ArrayFiles.bytes([1, 2, 250, 3] as [Int16])), (">i2", [0, 1, 0, 2, 0, 250, 0, 3]),
            ("<f2", ArrayFiles.bytes([0x3c00, 0x4000, 0x5bd0, 0x4200] as [UInt16])),
            (">f4", [0x3f, 0x80, 0, 0, 0x40, 0, 0, 0, 0x43, 0x7a, 0, 0, 0x40, 0x40, 0, 0]),
        ]
        for (type, bytes) in files {
            try folder.write(ArrayFiles.npy(type, [1, 2, 2], bytes), to: "x.npy")
            #expect(try source("x.npy").load().samples == expected, "\(type)")
        }
        #expect(PackedNumbers.half(0x0001) == 0x1p-24 && PackedNumbers.half(0xfc00) == -.infinity)
        #expect(PackedNumbers.half(0x7e00).isNaN && PackedNumbers.half(0x8000).sign == .minus)
        let brain = ArrayFiles.brain([1, -2.5, 3, 0])
        try folder.write(ArrayFiles.safetensors([("x", "BF16", [1, 2, 2], brain)]), to: "x.safetensors")
        #expect(try source("x.safetensors").load().samples == [1, -2.5, 3, 0])
    }

    @Test("points of the plane are no images, and are shifted and scaled as is said")
    func points() throws {
        try folder.write(ArrayFiles.npy("<f8", [3, 2], ArrayFiles.bytes([0.0, 1, 2, 3, 4, 5])), to: "x.npy")
        let (found, summary) = try source("x.npy", shift: 1, scale: 0.5).surveyed()
        #expect(found.image == nil && found.dimension == 2 && found.isPlanar)
        let data = try found.load()
        #expect(data.samples == [-0.5, 0, 0.5, 1, 1.5, 2] && data.imageShape == nil)
        #expect("\(summary)" == "data arrays: 3 samples of 2 numbers, from -0.5 to 2, no classes")
    }

    @Test("an archive's arrays are named, plain and compressed", arguments: [false, true])
    func archive(isDeflated: Bool) throws {
        let images = ArrayFiles.npy("|u1", [3, 2, 1], [0, 255, 255, 0, 51, 51])
        let labels = ArrayFiles.npy("<f4", [3], ArrayFiles.bytes([2, 1, 2] as [Float]))
        try folder.write(
            ArrayFiles.zip([("images.npy", images), ("classes.npy", labels)], deflated: isDeflated), to: "x.npz")
        #expect(refusal(source("x.npz")) == "x.npz: found 2 arrays, allowed: one of them by name: 'images', 'classes'")
        #expect(
            refusal(source("x.npz", dataset: "image")) == "x.npz: found no array 'image', allowed: 'images', 'classes'")
        let (found, summary) = try source("x.npz", dataset: "images", labels: "classes").surveyed()
        #expect(try found.load().labels == [2, 1, 2] && found.classCount == 3)
        #expect(
            "\(summary)" == "data arrays: 3 samples of 1×2×1, from -1 to 1, 3 classes of 1 to 2; class 0 has no samples"
        )
        let all = ArrayFiles.zip([("images.npy", images), ("classes.npy", labels)], deflated: isDeflated)
        for count in [10, 60, all.count - 30] {
            try folder.write(Array(all[..<count]), to: "x.npz")
            #expect(
                refusal(source("x.npz", dataset: "images"))
                    == "x.npz: found a zip archive that is cut off or damaged, allowed: a whole one")
        }
    }

    @Test("labels are whole numbers of any type, in the file or in another one, and as many as there are samples")
    func labels() throws {
        try folder.write(ArrayFiles.npy("<f4", [2, 1, 1], ArrayFiles.bytes([1, 2] as [Float])), to: "x.npy")
        func said(_ type: String, _ shape: [Int], _ bytes: [UInt8], classes: Int? = nil) throws -> DatasetSource {
            try folder.write(ArrayFiles.npy(type, shape, bytes), to: "y.npy")
            return source("x.npy", labelFile: "y.npy", classes: classes)
        }
        #expect(try said("<i8", [2], ArrayFiles.bytes([4, 0] as [Int64])).load().labels == [4, 0])
        #expect(try said("<f8", [2, 1], ArrayFiles.bytes([1.0, 0]), classes: 7).load().classCount == 7)
        let whole = "allowed: whole numbers from 0 to 1048575"
        #expect(
            refusal(try said("<f8", [2], ArrayFiles.bytes([1.5, 0]))) == "y.npy: found label 1.5 of sample 0, \(whole)")
        #expect(
            refusal(try said("<f8", [2], ArrayFiles.bytes([1, Double.nan])))
                == "y.npy: found label nan of sample 1, \(whole)")
        #expect(
            refusal(try said("<i4", [2], ArrayFiles.bytes([0, -1] as [Int32])))
                == "y.npy: found label -1 of sample 1, \(whole)")
        #expect(
            refusal(try said("|u1", [2], [0, 3], classes: 3))
                == "y.npy: found label 3 of sample 1, allowed: from 0 to 2")
        #expect(
            refusal(try said("|u1", [3], [0, 3, 1])) == "y.npy: found labels [3], allowed: [2], one for each sample")
        #expect(
            refusal(try said("|u1", [2, 3], [0, 3, 1, 1, 1, 1]))
                == "y.npy: found labels [2, 3], allowed: [2], one for each sample: numpy.argmax(labels, axis=1)")
    }

    @Test("what is not finite, in Fortran's order, of other types or cut off is refused")
    func refused() throws {
        let four = ArrayFiles.bytes([1, 2, .nan, 4] as [Float])
        try folder.write(ArrayFiles.npy("<f4", [2, 2], four), to: "x.npy")
        #expect(refusal(source("x.npy")) == "x.npy: found nan in sample 1, allowed: finite numbers")
        try folder.write(ArrayFiles.npy("<f4", [2, 2], four, fortran: true), to: "x.npy")
        #expect(refusal(source("x.npy")).hasPrefix("x.npy: found an array in Fortran's order, allowed: numpy.save("))
        try folder.write(ArrayFiles.npy("<c8", [2], four), to: "x.npy")
        #expect(
            refusal(source("x.npy"))
                == "x.npy: found numbers of type '<c8', allowed: floats, integers or bytes: array.astype(numpy.float32)"
        )
        try folder.write(ArrayFiles.npy("<f4", [9, 2], four), to: "x.npy")
        #expect(
            refusal(source("x.npy")) == "x.npy: found 16 bytes of numbers, allowed: 72, as shape [9, 2] of float32 has")
        try folder.write(ArrayFiles.npy("<f4", [1 << 40, 1 << 40], four), to: "x.npy")
        #expect(refusal(source("x.npy")).contains("allowed: one that fits a file"))
    }

    @Test("formats that run code or that are not read are refused with the lines that convert them")
    func foreign() throws {
        try folder.write(ArrayFiles.zip([("archive/data.pkl", [0x80])]), to: "x.pt")
        #expect(
            refusal(source("x.pt")).hasPrefix(
                "x.pt: found a file of PyTorch, which runs code when it is opened, allowed: a .npz file"))
        try folder.write([0x80, 4, 0x95], to: "batch")
        #expect(refusal(source("batch")).contains("numpy.savez(\"batch.npz\""))
        try folder.write(Array("PAR1....".utf8), to: "x.parquet")
        #expect(refusal(source("x.parquet")).contains("pandas.read_parquet(\"x.parquet\")"))
        try folder.write(Array("hello, this is text".utf8), to: "x.txt")
        #expect(
            refusal(source("x.txt"))
                == "x.txt: found none of the formats that are read, allowed: NumPy's .npy or .npz, safetensors, or HDF5"
        )
    }

    @Test("those lines work: what they make is read", .enabled(if: ExternalTool.hasTorch, "torch is not installed"))
    func conversion() throws {
        let make = """
            import torch, pickle, sys, os, numpy
            os.chdir(os.path.dirname(sys.argv[1]))
            torch.save({"x": torch.arange(8).reshape(2, 1, 2, 2).to(torch.bfloat16), "y": torch.tensor([0, 1])}, "x.pt")
            pickle.dump({b"data": numpy.zeros((2, 2)), b"name": b"a"}, open("p", "wb"))
            """
        _ = try ExternalTool.python(make, folder.file("make"))
        for (file, made, dataset) in [("x.pt", "x.npz", "x"), ("p", "p.npz", "data")] {
            let text = refusal(source(file))
            let lines = text.split(separator: "\n").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
            let program = "import os, sys\nos.chdir(os.path.dirname(sys.argv[1]))\n" + lines.joined(separator: "\n")
            let output = try ExternalTool.python(program, folder.file("convert"))
            #expect(output == "", "\(output)")
            let names = dataset == "data" ? ["b'data'", "data"] : [dataset]
            #expect(names.contains { (try? source(made, dataset: $0).inspected()) != nil }, "\(refusal(source(made)))")
        }
    }

    @Test("HDF5 and safetensors have named arrays too, with their types told")
    func hdf5() throws {
        try HDF5File.write(to: folder.file("x.h5")) { root in
            try root.write("images", [0, 51, 255, 102] as [UInt8], shape: [2, 1, 1, 2])
            try root.write("y", [1, 0], shape: [2])
        }
        let data = try source("x.h5", dataset: "images", labels: "y").load()
        #expect(data.samples.map { (($0 + 1) * 127.5).rounded() } == [0, 51, 255, 102] && data.labels == [1, 0])
        #expect(refusal(source("x.h5", dataset: "image")) == "x.h5: found no array 'image', allowed: 'images', 'y'")
        try folder.write(
            ArrayFiles.safetensors([
                ("x", "F32", [2, 1, 1], ArrayFiles.bytes([1, 2] as [Float])),
                ("y", "I64", [2], ArrayFiles.bytes([1, 0] as [Int64])),
            ]),
            to: "x.safetensors")
        #expect(try source("x.safetensors", dataset: "x", labels: "y").load().labels == [1, 0])
    }

    @Test("random damage to array files is refused or read, and never more than that")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 6)
        let numbers = ArrayFiles.bytes((0..<8).map(Float.init)), array = ArrayFiles.npy("<f4", [4, 2], numbers)
        let sources = [
            array, ArrayFiles.zip([("x.npy", array)]), ArrayFiles.zip([("x.npy", array)], deflated: true),
            ArrayFiles.safetensors([("x", "F32", [4, 2], numbers)]),
            [0, 0, 13, 3] + DataFiles.idx([], shape: [2, 2, 2]).dropFirst(4) + numbers,
        ]
        for round in 0..<400 {
            var bytes = sources[generator.below(sources.count)]
            for _ in 0...generator.below(4) { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
            if generator.happens(1, of: 3) { bytes = Array(bytes.prefix(generator.below(bytes.count))) }
            try folder.write(bytes, to: "x\(round)")
            _ = try? source("x\(round)").load()
            _ = try? IDXArray.read(bytes, allowed: "")
        }
    }
}

@Suite("HDF5 that points elsewhere", .enabled(if: ExternalTool.hasH5py, "h5py is not installed"))
struct HDF5PartsTests {
    let folder = TemporaryFolder()

    private func python(_ text: String) throws {
        let program = "import h5py, numpy as np, os, sys\nos.chdir(os.path.dirname(sys.argv[1]))\n" + text
        let output = try ExternalTool.python(program, folder.file("make"))
        try #require(output == "", "\(output)")
    }

    private var source: DatasetSource { DatasetSource(LatentFormat(file: DataPath(folder.file("all.h5")))) }
    private var refusal: String { errorText { try source.inspected() }.replacing(folder.path + "/", with: "") }

    private static let virtual = """
        def parts(value):
            for k in (0, 1):
                with h5py.File(f"part{k}.h5", "w") as f: f["latents"] = np.full((2, 1, 2, 2), k + value, "f4")
        parts(1)
        layout = h5py.VirtualLayout((4, 1, 2, 2), "f4")
        for k in (0, 1): layout[2 * k:2 * k + 2] = h5py.VirtualSource(f"part{k}.h5", "latents", (2, 1, 2, 2))
        with h5py.File("all.h5", "w") as f: f.create_virtual_dataset("latents", layout, fillvalue=0)

        """

    @Test("a virtual dataset is what its sources hold: other numbers there are other content")
    func virtual() throws {
        try python(Self.virtual)
        let before = try source.inspected().content
        #expect(try source.load().samples == [Float](repeating: 1, count: 8) + [Float](repeating: 2, count: 8))
        #expect(try source.inspected().content == before)
        try python("with h5py.File('part1.h5', 'a') as f: f['latents'][0, 0, 0, 0] = 5")
        #expect(try source.inspected().content != before)
        try python("import os; os.remove('part1.h5')")
        #expect(
            refusal == "all.h5: found the source 'part1.h5' missing in 'latents', allowed: every file that it points to"
        )
        try python("with h5py.File('part1.h5', 'w') as f: f['latents'] = np.zeros((1, 1, 2, 2), 'f4')")
        #expect(refusal.hasPrefix("all.h5: found a source 'part1.h5' of shape [1, 1, 2, 2] in 'latents'"))
    }

    @Test("a virtual dataset with a gap is refused")
    func gap() throws {
        try python(
            Self.virtual + """
                layout = h5py.VirtualLayout((4, 1, 2, 2), "f4")
                layout[0:2] = h5py.VirtualSource("part0.h5", "latents", (2, 1, 2, 2))
                with h5py.File("all.h5", "w") as f: f.create_virtual_dataset("latents", layout, fillvalue=0)
                """)
        #expect(refusal == "all.h5: found sources of 8 numbers in 'latents', allowed: of all 16, each from one source")
    }

    @Test("a dataset that a link finds in another file is what that file holds")
    func link() throws {
        try python(
            """
            with h5py.File("other.h5", "w") as f: f["x"] = np.ones((2, 1, 2, 2), "f4")
            with h5py.File("all.h5", "w") as f: f["latents"] = h5py.ExternalLink("other.h5", "/x")
            """)
        let before = try source.inspected().content
        try python("with h5py.File('other.h5', 'a') as f: f['x'][0] = 2")
        #expect(try source.inspected().content != before)
    }

    @Test("chunks and datasets that were never written are refused, not read as zeros")
    func unwritten() throws {
        try python(
            """
            with h5py.File("all.h5", "w") as f:
                d = f.create_dataset("latents", (4, 1, 2, 2), "f4", chunks=(1, 1, 2, 2), compression="gzip")
                d[0:3] = 1
            """)
        #expect(refusal == "all.h5: found 3 of 4 chunks written in 'latents', allowed: all of them")
        try python("with h5py.File('all.h5', 'a') as f: f['latents'][3] = 1")
        #expect(try source.load().count == 4)
        try python("with h5py.File('all.h5', 'w') as f: f.create_dataset('latents', (4, 1, 2, 2), 'f4')")
        #expect(
            refusal
                == "all.h5: found no numbers that were ever written in 'latents', allowed: a dataset that was written")
    }

    @Test("raw numbers in a file beside are content, and refused where they are too few")
    func raw() throws {
        let raw = folder.file("raw.bin")
        try python(
            """
            np.ones(8, "f4").tofile("raw.bin")
            with h5py.File("all.h5", "w") as f:
                f.create_dataset("latents", (2, 1, 2, 2), "f4", external=[("\(raw)", 0, 32)])
            """)
        let before = try source.inspected().content
        try python("x = np.ones(8, 'f4'); x[3] = 7; x.tofile('raw.bin')")
        #expect(try source.inspected().content != before)
        try python("np.ones(5, 'f4').tofile('raw.bin')")
        #expect(refusal == "all.h5: found 20 bytes in the raw file 'raw.bin' in 'latents', allowed: 32")
        try python("os.remove('raw.bin')")
        #expect(
            refusal
                == "all.h5: found the raw file 'raw.bin' missing in 'latents', allowed: every file that it points to")
    }
}
