import Foundation
import Study

extension ResultsFolder {
    /// The records in a study's folder under names that the study does not have (any more), in the order of their
    /// paths.
    ///
    /// They stay in any case: only `ablate gc` removes them, after confirmation.
    package func unnamedRecords(in study: Study) -> [String] {
        unnamedRecords(in: study.name, naming: Set(study.named.map(\.point)))
    }

    func unnamedRecords(in study: String, naming points: Set<String>) -> [String] {
        let folder = self.study(study)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !points.contains($0) }.sorted().map { "\(folder)/\($0)/run.h5" }.filter {
            FileManager.default.fileExists(atPath: $0)
        }
    }
}
