import Foundation
import Results
import Specification
import Storage

/// The files that a folder of results shows under their own names. Each is complete at every moment, whoever was killed: a product
/// that is there is the one that its journal has sealed.
enum VisibleFiles {
    /// What of a folder of results nobody may ever see.
    static func faults(in results: String) -> [String] {
        let names = (FileManager.default.enumerator(atPath: results)?.compactMap { $0 as? String } ?? []).sorted()
        return names.compactMap { name in
            let path = "\(results)/\(name)"
            guard !name.contains(".aside-") else { return nil }
            if name.hasSuffix(".h5") { return faultOfProduct(path).map { "\(path): \($0)" } }
            if name.hasSuffix(".journal") { return faultOfJournal(path).map { "\(path): \($0)" } }
            if name.hasSuffix("/study.json") {
                do { _ = try StudyManifest.read(from: parentFolder(of: path)) } catch { return "\(error)" }
            }
            return nil
        }
    }

    private static func faultOfProduct(_ path: String) -> String? {
        if path.hasSuffix("/run.h5"), FileSeal.finding(path) != .whole { return "a record that is not whole" }
        let journal = try? Journal.read(ResultsFolder.journal(ofProduct: path))
        guard case .sealed(let hash) = journal?.state else {
            return "a product without its seal: its journal is \(journal.map { "\($0.state)" } ?? "not there")"
        }
        return FileBytes.hash(path) == hash ? nil : "a product of other bytes than were sealed"
    }

    private static func faultOfJournal(_ path: String) -> String? {
        guard let journal = try? Journal.read(path) else { return "a journal that cannot be read" }
        return journal.identity == nil || journal.remainder == .damaged ? "a journal that is not whole" : nil
    }
}
