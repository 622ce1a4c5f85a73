import Foundation
import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("The text of a study's file")
struct SpecTextTests {
    let folder = TemporaryFolder()

    private func write(_ bytes: [UInt8], _ name: String = "a.yaml") throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
        return folder.file(name)
    }

    @Test("a byte-order mark before it is passed over")
    func mark() throws {
        let path = try write([0xEF, 0xBB, 0xBF] + Array(TinyStudy.planar.utf8))
        #expect(try Study(file: path).name == "tiny")
    }

    @Test("a byte that is no UTF-8 is told with its place")
    func invalid() throws {
        let path = try write(Array("study: \u{e4}x\nquestion: ".utf8) + [0xE4] + Array(" b\n".utf8))
        let error = #expect(throws: SpecError.self) { try Study(file: path) }
        #expect(
            error?.description == """
                \(path):2:11: not UTF-8
                  found: the byte 0xE4, number 22 of the file
                  allowed: text in UTF-8
                """)
        for bytes: [UInt8] in [[0xFF, 0xFE, 0x61, 0], [0x61, 0xC3], [0xC3]] {
            let path = try write(bytes)
            #expect(throws: SpecError.self) { try Study(file: path) }
        }
    }
}
