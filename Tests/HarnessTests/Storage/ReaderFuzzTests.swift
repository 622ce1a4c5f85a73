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

    @Test("pictures")
    func pictures() throws {
        let image = PNGImage(width: 3, height: 2, color: .grey, pixels: [0, 1, 2, 3, 4, 5])
        try image.write(to: folder.file("a.png"), text: [])
        let refused = refusals(of: try bytes("a.png"), seed: 7) { _ = try PNGImage.decoded($0) }
        #expect(refused > Self.count / 2)
    }
}
