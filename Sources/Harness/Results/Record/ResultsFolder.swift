import Foundation
import Specification
import Storage
import Study

/// The layout of a folder of results:
/// ```
/// results/<study>/study.yaml               the study as it was written
/// results/<study>/resolved.yaml            the study with what it extends and with the changes of the command line
/// results/<study>/study.json               its manifest: question, claims, runs and stages, sealed
/// results/<study>/<point>/run.h5, run.journal, log.txt, grid.png
/// results/<study>/table.csv, table.md, grid.png
/// results/<study>/summaries                what is known of its records, valid of each until it is modified
/// results/cache/<stage>/<identity>.h5      shared products, those of trainings too; .journal and .log beside them
/// results/cache/locks/<identity>.lock      the process that is executing a stage
/// results/cache/plug-ins/<identity>        what the programs of an evaluation receive, while they run
/// results/cache/summaries                  products that were found whole, so that a plan need not read them again
/// ```
public struct ResultsFolder: Codable, Hashable, Sendable {
    /// The path of the folder.
    public let path: String

    /// The folder of results at a path.
    public init(_ path: String) { self.path = path }

    /// The name of the cache's folder, which no study may have.
    static let cacheName = Study.reservedName
    package static let locksName = "locks"
    /// The name of the folder of students' trainings in the cache.
    package static let trainingsName = "training"
    /// The folder of the cache for decoded pictures and inspections of data files.
    package static let dataName = "data"

    /// The name of the folder of samples that programs of an evaluation receive while they run.
    package static let plugInsName = "plug-ins"

    /// The folder of products that studies share.
    package var cache: String { "\(path)/\(Self.cacheName)" }
    package var plugIns: String { "\(cache)/\(Self.plugInsName)" }
    /// The folder of a study.
    public func study(_ name: String) -> String { "\(path)/\(name)" }
    /// The folder of a run.
    public func point(_ run: Run) -> String { "\(study(run.study))/\(run.point)" }
    /// The path of a run's record.
    public func record(_ run: Run) -> String { "\(point(run))/run.h5" }

    /// The path of a stage's product; for a run that of its record.
    package func product(_ stage: Stage) -> String {
        switch stage {
        case .teacher: cached("teacher", stage.identity)
        case .classifier: cached("classifier", stage.identity)
        case .reference: cached("reference", stage.identity)
        case .training: cached(Self.trainingsName, stage.identity)
        case .run(let stage): record(stage.run)
        }
    }

    /// The journal of a stage, beside its product.
    package func journal(_ stage: Stage) -> String { Self.journal(ofProduct: product(stage)) }

    package static func journal(ofProduct path: String) -> String {
        (path as NSString).deletingPathExtension + ".journal"
    }

    /// The log of the processes that executed a stage.
    package func log(_ stage: Stage) -> String {
        if case .run(let stage) = stage { return "\(point(stage.run))/log.txt" }
        return (product(stage) as NSString).deletingPathExtension + ".log"
    }

    /// The profile of a stage's training.
    package func profile(_ stage: Stage) -> String {
        if case .run(let stage) = stage { return "\(point(stage.run))/profile.txt" }
        return (product(stage) as NSString).deletingPathExtension + ".profile.txt"
    }

    /// The lock of a stage, the same under all of its names.
    package func lock(_ stage: Stage) -> String { lock(stage.identity) }

    package func lock(_ identity: Identity) -> String {
        "\(path)/\(Self.cacheName)/\(Self.locksName)/\(identity.hex.prefix(24)).lock"
    }

    private func cached(_ stage: String, _ identity: Identity) -> String {
        "\(cache)/\(stage)/\(identity.hex.prefix(24)).h5"
    }

    /// The stage is done: its journal is sealed, and its product has the sealed bytes.
    package func isDone(_ stage: Stage) -> Bool { isSealed(product(stage), as: stage.identity) }

    /// A file is the product of the stage of an identity, whole and of a readable layout.
    package func isSealed(_ product: String, as identity: Identity) -> Bool {
        guard let journal = try? Journal.read(Self.journal(ofProduct: product)), journal.identity == identity,
            case .sealed(let hash) = journal.state
        else { return false }
        return FileBytes.has(hash, product) && !Self.isOfOtherLayout(product)
    }

    /// A file has the bytes that its journal sealed, of whatever identity: it is not damaged.
    package static func isWhole(_ product: String) -> Bool {
        guard let journal = try? Journal.read(journal(ofProduct: product)), case .sealed(let hash) = journal.state
        else { return false }
        return FileBytes.hash(product) == hash
    }

    /// A product has a layout that this program does not read, which its identity does not show.
    static func isOfOtherLayout(_ product: String) -> Bool {
        guard let schema = try? HDF5File.read(product, { try $0.string("schema") }) else { return false }
        return schema != Record.schema && schema != CachedFile.schema
    }

    /// Reads a record, unless its journal has another hash. A record without a journal, such as a copy elsewhere, is
    /// accepted.
    package static func verifiedRecord(_ path: String) throws -> Record {
        try Record.read(path, isVerified: isVerified(path))
    }

    /// Whether a record has the bytes that its journal has sealed; false where it has no journal.
    /// - Throws: `RecordError` where it has other bytes.
    static func isVerified(_ path: String) throws -> Bool {
        guard let journal = try Journal.read(journal(ofProduct: path)) else { return false }
        guard case .sealed(let hash) = journal.state, FileBytes.has(hash, path) else {
            throw RecordError(
                path: path, found: "other bytes than were sealed", allowed: "the record as it was written")
        }
        return true
    }

    /// The records of a study, in its order; those that cannot be read, with the reason.
    public func records(of studyFolder: String) throws -> (
        records: [Record], unreadable: [(path: String, reason: String)]
    ) {
        // Foundation gives no reason why a folder cannot be listed.
        guard let listing = opendir(studyFolder) else {
            throw InputError(
                path: studyFolder, attempt: "list the study's folder", reason: String(cString: strerror(errno)))
        }
        closedir(listing)
        let names = try FileManager.default.contentsOfDirectory(atPath: studyFolder)
        var records: [Record] = [], unreadable: [(String, String)] = []
        var cache = ProductCache(of: studyFolder)
        for name in names.sorted() {
            let path = "\(studyFolder)/\(name)/run.h5"
            guard FileManager.default.fileExists(atPath: path) else {
                if name.contains("\u{FFFD}"), !FileManager.default.fileExists(atPath: "\(studyFolder)/\(name)") {
                    unreadable.append((path, "a folder whose name is not UTF-8, as those of runs are"))
                }
                continue
            }
            do { records.append(try cache.record(path) { try Self.verifiedRecord(path) }) } catch {
                unreadable.append((path, "\(error)"))
            }
        }
        cache.keep()
        return (records.sorted { ($0.run.position, $0.run.point) < ($1.run.position, $1.run.point) }, unreadable)
    }

    /// Moves a file aside under a new name before another is written in its place: a file of another specification or
    /// version, or a damaged one, is never overwritten.
    /// - Returns: the new path, nil where there was no file.
    package static func setAside(_ path: String) throws -> String? {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else { return nil }
        let stem = (path as NSString).deletingPathExtension, suffix = (path as NSString).pathExtension
        let free = (1...).lazy.map { "\(stem).aside-\($0).\(suffix)" }.first { !manager.fileExists(atPath: $0) }!
        guard rename(path, free) == 0 else { throw FileError(path: path, attempt: "set the file aside") }
        return free
    }

    /// Makes a folder and those it lies in.
    package static func create(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError(path: folder, attempt: "create the folder", reason: systemText(of: error))
        }
    }
}
