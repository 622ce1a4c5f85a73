import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("Readers take any bytes: they read them or say why not")
struct ReaderFuzzTests {
    let folder = TemporaryFolder()

    /// Mutants a reader; thousands in `make test-all`.
    private static let count = ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] == nil ? 200 : 20_000

    /// Bytes with a few changes: bits, bytes at the edges, pieces that are cut, doubled or moved, lengths of eight bytes.
    private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<1 + random.below(4) {
            guard bytes.count > 8 else { return bytes }
            let place = random.below(bytes.count)
            switch random.below(6) {
            case 0: bytes[place] ^= 1 << UInt8(random.below(8))
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(64)))
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + random.below(64))], at: place)
            case 4: bytes.removeLast(random.below(bytes.count / 2))
            default:
                let start = min(place, bytes.count - 8)
                let length = [UInt64.max, 1 << 62, 1 << 32, 0][random.below(4)]
                for index in 0..<8 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (8 * UInt64(index))) }
            }
        }
        return bytes
    }

    /// Gives a reader mutants of a file.
    /// - Returns: how many it refused.
    private func refusals(of whole: [UInt8], seed: Int, _ read: ([UInt8]) throws -> Void) -> Int {
        var random = SeededGenerator(seed: seed), refused = 0
        for _ in 0..<Self.count {
            do { try read(mutated(whole, &random)) } catch { refused += 1 }
        }
        return refused
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
    }

    private func put(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    }

    @Test("models in safetensors")
    func safetensors() throws {
        try SampleModel().write(to: folder.file("a.safetensors"))
        let refused = refusals(of: try bytes("a.safetensors"), seed: 1) {
            try put($0, "b.safetensors")
            _ = try Checkpoint(folder.file("b.safetensors"))
        }
        #expect(refused > Self.count * 9 / 10, "a hash covers all but the padding: \(refused)")
    }

    @Test("records")
    func records() throws {
        try SampleRecord.make([SampleRecord.coordinate("seed", "0")]).write(to: folder.file("a.h5"))
        let refused = refusals(of: try bytes("a.h5"), seed: 2) {
            try put($0, "b.h5")
            _ = try Record.read(folder.file("b.h5"))
        }
        #expect(refused > Self.count * 8 / 10, "\(refused)")
    }

    @Test("journals, with the checkpoint in them")
    func journals() throws {
        let entries =
            Journal.entry(.identity, Data(Identity(hashing: [1]).hex.utf8)) + Journal.entry(.attempt, Data("a".utf8))
        let whole = Journal.magic + entries + Journal.entry(.failure, Data("b".utf8))
        var damaged = 0
        _ = refusals(of: [UInt8](whole), seed: 3) { if Journal(Data($0)).remainder != .none { damaged += 1 } }
        #expect(damaged > Self.count / 2)
        let checkpoint = TrainingCheckpoint(
            trainer: TrainerSnapshot(step: 3, tensors: [[1, 2], [3]], measured: [0.5]), course: .init(),
            spent: .init(started: Date(timeIntervalSinceReferenceDate: 0)))
        let refused = refusals(of: [UInt8](try checkpoint.encoded()), seed: 4) {
            _ = try TrainingCheckpoint(encoded: Data($0))
        }
        #expect(refused > 0)
    }

    @Test("studies")
    func studies() throws {
        let refused = refusals(of: Array(TinyStudy.digits.utf8), seed: 5) {
            _ = try Study(yaml: try SpecText.decoded($0, file: "a.yaml"), file: "a.yaml")
        }
        #expect(refused > Self.count / 2)
    }

    @Test("lists of a study's runs")
    func manifests() throws {
        try StudyManifest(study: "a", question: "b", claims: [], points: []).write(to: folder.path)
        let refused = refusals(of: try bytes("study.json"), seed: 6) {
            try put($0, "study.json")
            _ = try StudyManifest.read(from: folder.path)
        }
        #expect(refused >= Self.count * 9 / 10, "\(refused)")
    }

    @Test("arrays in IDX, NumPy's files and archives, safetensors and HDF5, with their rows")
    func arrays() throws {
        let numbers = ArrayFiles.bytes((0..<24).map { Float($0) })
        let npy = ArrayFiles.npy("<f4", [6, 4], numbers)
        try HDF5File.write(to: folder.file("a.h5")) {
            _ = try $0.write("x", (0..<24).map { Float($0) }, shape: [6, 4])
        }
        let files: [[UInt8]] = [
            npy, ArrayFiles.npy("<i2", [3, 8], ArrayFiles.bytes((0..<24).map { Int16($0) }), fortran: true),
            ArrayFiles.zip([("x.npy", npy)]), ArrayFiles.zip([("x.npy", npy), ("y.npy", npy)], deflated: true),
            ArrayFiles.safetensors([("x", "F32", [6, 4], numbers)]), try bytes("a.h5"),
        ]
        for (index, file) in files.enumerated() {
            let refused = refusals(of: file, seed: 10 + index) {
                try put($0, "b")
                let arrays = try ArrayFile(folder.file("b"))
                for name in arrays.names.prefix(4) { try read(arrays.array(name.isEmpty ? nil : name)) }
            }
            #expect(refused > 0, "file \(index)")
        }
        let idx = DataFiles.idx((0..<24).map { UInt8($0) }, shape: [6, 4])
        let refused = refusals(of: idx, seed: 20) { try read(IDXArray.read($0, allowed: "numbers")) }
        #expect(refused > Self.count / 4, "\(refused)")
    }

    /// Reads rows of an array as a study's data would, as far as it says that it has some.
    private func read(_ array: StoredArray) throws {
        guard let rows = array.shape.first, rows > 0, array.shape.dropFirst().reduce(1.0, { $0 * Double($1) }) < 1e6
        else {
            return
        }
        _ = try array.floats(0..<min(rows, 2))
    }

    @Test("pictures of others, JPEG and PNG")
    func foreignPictures() throws {
        let image = PNGImage(width: 24, height: 16, color: .rgb, pixels: (0..<24 * 16 * 3).map { UInt8($0 % 200) })
        for (seed, whole) in [try image.encodedJPEG(quality: 80), try image.encoded()].enumerated() {
            let refused = refusals(of: whole, seed: 30 + seed) { bytes in
                _ = try PictureFile.decoded(bytes, background: (0, 0, 0))
            }
            #expect(refused > Self.count / 4, "\(refused)")
        }
    }

    @Test("what is known of products")
    func caches() throws {
        try StudyManifest(study: "a", question: "b", claims: [], points: []).write(to: folder.path)
        try FileManager.default.createDirectory(atPath: folder.file("p"), withIntermediateDirectories: true)
        let path = folder.file("p/run.h5"), record = try SampleRecord.make([SampleRecord.coordinate("seed", "0")])
        try record.write(to: path)
        try put([1], "p/run.journal")
        usleep(20_000)
        var cache = ProductCache(of: folder.path, step: 0)
        _ = cache.record(path) { record }
        cache.keep()
        let whole = try bytes("summaries")
        var random = SeededGenerator(seed: 40)
        for _ in 0..<Self.count {
            try put(mutated(whole, &random), "summaries")
            var other = ProductCache(of: folder.path, step: 0)
            #expect(other.record(path) { record }.content == record.content)
        }
    }

    @Test("pictures")
    func pictures() throws {
        let image = PNGImage(width: 3, height: 2, color: .grey, pixels: [0, 1, 2, 3, 4, 5])
        try image.write(to: folder.file("a.png"), text: [])
        let refused = refusals(of: try bytes("a.png"), seed: 7) { _ = try PNGImage.decoded($0) }
        #expect(refused > Self.count / 2)
    }
}
