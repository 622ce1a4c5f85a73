import Foundation
import TestSupport

extension TemporaryFolder {
    /// Writes a text into the folder.
    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    }

    /// Every file in the folder and below it, as paths from it, with the time of its last change.
    func files() throws -> [String: Date] {
        var result: [String: Date] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
            let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
            if attributes[.type] as? FileAttributeType == .typeRegular {
                result[name] = attributes[.modificationDate] as? Date
            }
        }
        return result
    }

    func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }
}
