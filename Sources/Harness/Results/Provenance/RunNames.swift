import Foundation
import Specification
import Storage
import Study

/// The runs that a study named when it was last run, as `runs.json` in its folder keeps them: without the study's file, which may
/// have gone or changed, it says which records are the study's and what of the cache they need.
struct RunNames: Codable {
    /// The names, in the order of the study.
    let points: [String]
    /// The shared work that the runs are made from.
    let shared: [Identity]

    init(_ study: Study) {
        points = study.named.map(\.point)
        var seen: Set<Work> = [], shared: [Identity] = []
        for run in study.named {
            for need in Work.run(RunWork(run: run)).needs where seen.insert(need).inserted {
                shared.append(need.identity)
            }
        }
        self.shared = shared
    }
}

extension ResultsFolder {
    private func names(of study: String) -> String { "\(self.study(study))/runs.json" }

    /// Keeps the names of a study's runs.
    /// - Throws: `FileError`.
    public func keepNames(of study: Study) throws {
        try Self.create(self.study(study.name))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try AtomicFile.write(try encoder.encode(RunNames(study)), to: names(of: study.name))
    }

    private func runNames(of study: String) -> RunNames? {
        FileManager.default.contents(atPath: names(of: study)).flatMap {
            try? JSONDecoder().decode(RunNames.self, from: $0)
        }
    }

    /// The names of the runs of a study; nil where it has kept none.
    public func namedPoints(of study: String) -> Set<String>? { runNames(of: study).map { Set($0.points) } }

    /// What all studies need of the cache.
    func plannedWork() -> Set<Identity> {
        let studies = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return Set(studies.compactMap { runNames(of: $0) }.flatMap(\.shared))
    }
}
