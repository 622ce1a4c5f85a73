import Foundation
import Specification
import Storage
import Study

extension ResultsFolder {
    /// Decoded pictures and inspections of data files, by name.
    /// - Parameter users: the number of records of each content, by the beginning of its identity.
    func dataEntries(_ users: [String: Int]) -> [CacheEntry] {
        let folder = "\(cache)/\(Self.dataName)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let isBehindLink = FileKind(cache) == .link || FileKind(folder) == .link
        return names.sorted().filter(OwnName.isOfData).map { name in
            let path = "\(folder)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return CacheEntry(
                path: path, stage: Self.dataName, identity: nil, bytes: Self.bytes(of: path),
                changed: attributes?[.modificationDate] as? Date ?? .distantPast,
                users: DataCache.content(of: path).map { users[$0] ?? 0 } ?? 0, isPlanned: false,
                isLinked: isBehindLink || FileKind(path) == .link)
        }
    }
}

extension CanonicalValue {
    /// Of a specification the identities of the contents of files of its data sets.
    var contentsOfData: [String] {
        guard case .mapping(let fields) = self else { return [] }
        return fields.filter { ["data", "studentData"].contains($0.name) }.compactMap { field in
            var found: String?
            field.value.visitStrings(named: "identity") { found = found ?? $0 }
            return found
        }
    }

    /// Calls `visit` for each string under a key of this name.
    fileprivate func visitStrings(named name: String, _ visit: (String) -> Void) {
        guard case .mapping(let fields) = self else { return }
        for field in fields {
            if field.name == name, case .string(let text) = field.value { visit(text) }
            field.value.visitStrings(named: name, visit)
        }
    }
}
