import Foundation
import TestSupport

/// The pages of the repository, and the links between them.
enum PageLinks {
    /// Every page of Markdown, as a path from the repository's folder, in alphabetical order.
    static var pages: [String] {
        let folders = ["Documentation", "experiments", "plots", "Benchmarks", "Sources"].flatMap { folder -> [String] in
            let files = FileManager.default.enumerator(atPath: "\(Package.folder)/\(folder)")
            return (files?.allObjects as? [String] ?? []).map { "\(folder)/\($0)" }
        }
        let single = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "results/README.md"]
        return (single + folders).filter { $0.hasSuffix(".md") }.sorted()
    }

    static func text(_ page: String) throws -> String {
        try String(contentsOfFile: "\(Package.folder)/\(page)", encoding: .utf8)
    }

    /// The targets of a page's links and images, each with its line, apart from code.
    static func links(in text: String) -> [(line: Int, target: String)] {
        prose(text).flatMap { number, line in
            line.matches(of: /\]\(([^()\s]+)\)/).map { (number, String($0.1)) }
        }
    }

    /// The anchors of a page's headings, as GitHub makes them: lower case, spaces as hyphens, other signs left out.
    static func anchors(in text: String) -> Set<String> {
        Set(
            prose(text).filter { $0.line.hasPrefix("#") }.map { _, line in
                let title = line.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
                return String(title.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }).replacing(
                    " ", with: "-")
            })
    }

    /// The lines outside of fenced blocks, without code in backquotes that is no part of a link's text.
    private static func prose(_ text: String) -> [(number: Int, line: String)] {
        var isFenced = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isFenced.toggle()
                return nil
            }
            return isFenced ? nil : (index + 1, String(line).replacing(/`[^`]*\]\([^`]*`/, with: ""))
        }
    }
}
