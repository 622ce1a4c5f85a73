import FlowMaps
import Foundation
import Specification
import Testing

@testable import Study

@Suite("Sources of data")
struct DatasetSourceTests {
    private func decoded(_ text: String) throws -> DatasetSource {
        try JSONDecoder().decode(DatasetSource.self, from: Data(text.utf8))
    }

    @Test("a source of each kind reads from the form of a spec, and loads")
    func sources() throws {
        #expect(try decoded(#"{"digits": {}}"#) == .digits)
        let rings = try decoded(#"{"planar": {"set": "rings", "count": 50}}"#)
        #expect(rings == .planar(set: .rings, count: 50) && rings != .digits)
        let drawn = try rings.load()
        #expect(try rings.load().samples == drawn.samples)
        #expect(drawn.count == 50 && drawn.dimension == rings.dimension)
        let digits = try DatasetSource.digits.load()
        #expect(digits.count == 1797)
        #expect(digits.imageShape == DatasetSource.digits.image && digits.classCount == DatasetSource.digits.classCount)
        #expect(
            DatasetSource.CodingKeys.allCases.map(\.stringValue) == [
                "digits", "planar", "idx", "cifar10", "cifar100", "images", "arrays", "latents",
            ])
        let idx = try decoded(#"{"idx": {"images": "a", "labels": "/b"}}"#)
        #expect(idx == DatasetSource(IDXFormat(images: DataPath("a"), labels: DataPath("/b"))))
        #expect(idx.hasFiles && !idx.hasKnownShape)
        #expect(throws: DecodingError.self) { try decoded(#"{"planar": {"set": "squares", "count": 50}}"#) }
    }

    @Test("a source is written as it is read")
    func coding() throws {
        for text in ["digits", "{planar: {count: 3, set: rings}}", "{images: {folder: /a, size: 8}}"] {
            let source = try StrictDecoder().decode(DatasetSource.self, from: SpecTree(yaml: text, file: "data.yaml"))
            let written = try CanonicalEncoder().encode(source).yaml()
            let again = try StrictDecoder().decode(DatasetSource.self, from: SpecTree(yaml: written, file: "data.yaml"))
            #expect(again == source, "\(written)")
        }
    }

    @Test("a planar source without samples is refused with what is allowed")
    func refusedCount() {
        let error = #expect(throws: Violation.self) { try PlanarFormat(set: .rings, count: 0).validate() }
        #expect(error?.description == "count: found 0, allowed: at least 1")
    }
}
