import Foundation
import Study

extension ResultsFolder {
    /// The records of a study's folder that lie under names the study does not have (any more), in the order of their paths.
    ///
    /// They are kept, whatever they are of: only `ablate gc` removes them, and asks first.
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
