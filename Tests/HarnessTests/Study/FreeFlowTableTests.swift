import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("The table of FreeFlow's settings")
struct FreeFlowTableTests {
    /// A key of the method with what the table says of it, as a specification would.
    private struct Row {
        let key: String
        let value: String
    }

    /// The rows of `Methods.md`; one of two keys and two settings is two of these.
    private static func rows() throws -> [Row] {
        let file = Package.folder + "/Sources/FlowMaps/Method/Methods.md"
        let page = try String(contentsOfFile: file, encoding: .utf8)
        let section = page.components(separatedBy: "\n## FreeFlow\n")[1].components(separatedBy: "\n## ")[0]
        return section.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line -> [Row] in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let keys = codes(cells[0]), settings = codes(cells[1])
            let prefix = keys[0].hasPrefix("secondTerm.") ? "secondTerm." : ""
            guard keys.count == settings.count else {
                return [Row(key: keys[0], value: mapping(settings.joined(separator: ", ")))]
            }
            return zip(keys, settings).map { key, setting in
                Row(key: key.hasPrefix(prefix) ? key : prefix + key, value: mapping(setting))
            }
        }
    }

    /// What stands between backticks; the whole cell where nothing does.
    private static func codes(_ cell: String) -> [String] {
        let parts = cell.components(separatedBy: "`")
        return parts.count == 1 ? [cell] : parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] }
    }

    private static func mapping(_ setting: String) -> String { setting.contains(": ") ? "{\(setting)}" : setting }

    private func method(changing key: String? = nil, to value: String = "") throws -> Method {
        var tree = try SpecTree(yaml: "freeflow: {}", file: "Methods.md")
        // Words for what is the same as saying nothing.
        for row in try Self.rows() where !["none", "plain"].contains(row.value) {
            tree = try tree.setting("freeflow.\(row.key)=\(row.key == key ? value : row.value)")
        }
        return try StrictDecoder().decode(Method.self, from: tree)
    }

    @Test("is what the method has, each of its rows")
    func agreement() throws {
        #expect(try method() == .freeflow)
        for (key, value) in [
            ("secondTerm.share", "0.5"), ("auxiliary", "{learningRateRatio: 2, updates: 2}"), ("states", "studentPath"),
        ] {
            #expect(try method(changing: key, to: value) != .freeflow, "\(key)")
        }
    }

    @Test("has a row for every part, and where the two words stand the method has nothing")
    func whole() throws {
        let rows = try Self.rows(), keys = Set(rows.map(\.key))
        let first = [
            "start", "states", "times", "target", "weighting", "guidance", "auxiliary", "labelDropout", "sampling",
        ]
        let second = ["share", "weight", "balance", "states", "times", "target", "weighting", "guidance"]
        #expect(keys == Set(first + second.map { "secondTerm.\($0)" }))
        let silent = rows.filter { ["none", "plain"].contains($0.value) }.map(\.key)
        #expect(silent == ["guidance", "secondTerm.weighting", "secondTerm.guidance"])
        let method = Method.freeflow, other = Method.vsd
        #expect(method.main.guidance == nil && method.secondTerm?.term.guidance == nil)
        #expect(method.secondTerm?.term.weighting == other.main.weighting, "the plain one")
    }
}
