import FlowMaps
import Foundation
import Specification
import TestSupport
import Testing

@testable import Study

@Suite("The documentation")
struct DocumentationTests {
    @Test("has links that lead to files and headings that are there", arguments: PageLinks.pages)
    func links(_ page: String) throws {
        let text = try PageLinks.text(page), folder = parentFolder(of: page)
        for (line, target) in PageLinks.links(in: text) where !target.contains("://") {
            let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let file = parts[0].isEmpty ? page : folder.isEmpty ? parts[0] : "\(folder)/\(parts[0])"
            let path = URL(fileURLWithPath: "\(Package.folder)/\(file)").standardizedFileURL.path
            guard FileManager.default.fileExists(atPath: path) else {
                Issue.record("\(page):\(line): \(target) leads to no file")
                continue
            }
            guard parts.count == 2 else { continue }
            let headings = PageLinks.anchors(in: try String(contentsOfFile: path, encoding: .utf8))
            #expect(headings.contains(parts[1]), "\(page):\(line): \(target) leads to no heading")
        }
    }

    @Test("has an index that names every page of its folder")
    func index() throws {
        let index = try PageLinks.links(in: PageLinks.text("Documentation/README.md")).map(\.target)
        for page in PageLinks.pages where page.hasPrefix("Documentation/") && page != "Documentation/README.md" {
            #expect(index.contains(String(page.dropFirst("Documentation/".count))), "\(page)")
        }
    }

    /// The first fenced block of a page that begins with a line.
    private func block(_ start: String, of page: String) throws -> String {
        let text = try PageLinks.text(page)
        let begin = try #require(text.range(of: "```yaml\n\(start)"))
        let end = try #require(text.range(of: "\n```", range: begin.upperBound..<text.endIndex))
        return start + text[begin.upperBound..<end.lowerBound] + "\n"
    }

    @Test("has a first study that can be run, and whose misspelt twin is refused as the page says")
    func firstStudy() throws {
        let yaml = try block("study: first", of: "README.md")
        #expect(yaml.split(separator: "\n").count <= 15)
        let study = try Study(yaml: yaml, file: "\(Package.folder)/first.yaml")
        #expect(study.runs.count == 12 && study.claims.count == 1)
        let misspelt = yaml.replacing("secondTerm", with: "secndTerm")
        let error = try #require(throws: SpecError.self) {
            try Study(yaml: misspelt, file: "\(Package.folder)/first.yaml")
        }
        let lines = "\(error)".replacing("\(Package.folder)/", with: "").split(separator: "\n").map { "  \($0)" }
        let page = try PageLinks.text("README.md")
        let text = "  error: \(lines[0].dropFirst(2))\n" + lines.dropFirst().joined(separator: "\n")
        #expect(page.contains(text), "README.md has another text than\n\(text)")
    }

    @Test("names every key that the specifications of the bundled studies have")
    func keys() throws {
        var keys: Set<String> = []
        for name in Package.experiments {
            for run in try Study(file: "\(Package.folder)/experiments/\(name)").runs {
                keys.formUnion(try CanonicalEncoder().encode(run.specification).keys)
            }
        }
        // Methods have pages of their own.
        let page = try PageLinks.text("Documentation/study-language.md")
        let words = Set(page.matches(of: /[A-Za-z0-9]+/).map { String($0.0) })
        let missing = keys.subtracting(words).subtracting(MethodName.allCases.map(\.rawValue)).sorted()
        #expect(keys.count > 80 && missing == [], "study-language.md does not name them")
    }

    @Test("names every choice of a metric, a network, a sampler and the parts of a method")
    func choices() throws {
        let page = try PageLinks.text("Documentation/study-language.md")
        let choices: [[String]] = [
            Metric.allCases.map(\.rawValue), names(NetworkShape.CodingKeys.self), names(Sampler.CodingKeys.self),
            names(StateSource.CodingKeys.self), names(TimePairs.CodingKeys.self), names(Target.CodingKeys.self),
            names(Neighbour.CodingKeys.self), names(MapSampling.CodingKeys.self), names(Head.CodingKeys.self),
            names(TimeDistribution.CodingKeys.self), names(DatasetSource.CodingKeys.self),
            names(FigureChoice.CodingKeys.self), PlanarSet.allCases.map(\.rawValue),
            Augmentation.Kind.allCases.map(\.rawValue), Verifier.allCases.map(\.rawValue),
        ]
        for name in choices.joined() { #expect(page.contains("`\(name)"), "study-language.md has no `\(name)`") }
    }

    private func names<Key: CodingKey & CaseIterable>(_ type: Key.Type) -> [String] {
        type.allCases.map(\.stringValue)
    }
}
