import Foundation
import Specification
import Storage
import Study

/// Where things lie under one folder of results:
/// ```
/// results/<study>/study.yaml               the study as it was written
/// results/<study>/resolved.yaml            the study with what it extends and with what the command line changed
/// results/<study>/study.json               what it asks, claims, names and takes, sealed
/// results/<study>/<point>/run.h5, run.journal, log.txt, grid.png
/// results/<study>/table.csv, table.md, grid.png
/// results/<study>/conclusion.plist         what the records came to when the study was last run, until one is touched
/// results/cache/<stage>/<identity>.h5      what runs share, and what each training left; .journal and .log beside it
/// results/cache/locks/<identity>.lock      who is at a piece of work
/// results/cache/seals                      what was found whole, so that a plan need not read it again
/// ```
public struct ResultsFolder: Codable, Hashable, Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// No study has this name.
    static let cacheName = Study.reservedName
    package static let locksName = "locks"
    /// Where students' trainings lie within the cache.
    package static let trainingsName = "training"

    /// What studies share.
    package var cache: String { "\(path)/\(Self.cacheName)" }
    var seals: String { "\(cache)/seals" }
    public func study(_ name: String) -> String { "\(path)/\(name)" }
    public func point(_ run: Run) -> String { "\(study(run.study))/\(run.point)" }
    public func record(_ run: Run) -> String { "\(point(run))/run.h5" }

    /// The file that a piece of shared work leaves; for a run its record.
    package func product(_ stage: Stage) -> String {
        switch stage {
        case .teacher: cached("teacher", stage.identity)
        case .classifier: cached("classifier", stage.identity)
        case .reference: cached("reference", stage.identity)
        case .training: cached(Self.trainingsName, stage.identity)
        case .run(let stage): record(stage.run)
        }
    }

    /// The journal of a piece of work, beside its product.
    package func journal(_ stage: Stage) -> String { Self.journal(ofProduct: product(stage)) }

    package static func journal(ofProduct path: String) -> String {
        (path as NSString).deletingPathExtension + ".journal"
    }

    /// What the processes that were at a piece of work had to say.
    package func log(_ stage: Stage) -> String {
        if case .run(let stage) = stage { return "\(point(stage.run))/log.txt" }
        return (product(stage) as NSString).deletingPathExtension + ".log"
    }

    /// Where the time of a training's steps went.
    package func profile(_ stage: Stage) -> String {
        if case .run(let stage) = stage { return "\(point(stage.run))/profile.txt" }
        return (product(stage) as NSString).deletingPathExtension + ".profile.txt"
    }

    /// The lock of a piece of work, the same under all of its names.
    package func lock(_ stage: Stage) -> String { lock(stage.identity) }

    package func lock(_ identity: Identity) -> String {
        "\(path)/\(Self.cacheName)/\(Self.locksName)/\(identity.hex.prefix(24)).lock"
    }

    private func cached(_ stage: String, _ identity: Identity) -> String {
        "\(cache)/\(stage)/\(identity.hex.prefix(24)).h5"
    }

    /// Whether a piece of work is done: its journal is sealed, and its product has the bytes that were sealed.
    package func isDone(_ stage: Stage) -> Bool { isSealed(product(stage), as: stage.identity) }

    /// Whether a file is the product of the work of an identity, whole and of a layout that can be read.
    package func isSealed(_ product: String, as identity: Identity) -> Bool {
        guard let journal = try? Journal.read(Self.journal(ofProduct: product)), journal.identity == identity,
            case .sealed(let hash) = journal.state
        else { return false }
        return FileBytes.hash(product) == hash && !Self.isOfOtherLayout(product)
    }

    /// Whether a product is of a layout that this program does not read, which its identity does not tell.
    static func isOfOtherLayout(_ product: String) -> Bool {
        guard let schema = try? HDF5File.read(product, { try $0.string("schema") }) else { return false }
        return schema != Record.schema && schema != CachedFile.schema
    }

    /// Reads a record, unless its journal says that it had other bytes. A record alone, as one copied elsewhere, is taken as it is.
    package static func verifiedRecord(_ path: String) throws -> Record {
        var isVerified = false
        if let journal = try Journal.read(journal(ofProduct: path)) {
            guard case .sealed(let hash) = journal.state, FileBytes.hash(path) == hash else {
                throw RecordError(
                    path: path, found: "other bytes than were sealed", allowed: "the record as it was written")
            }
            isVerified = true
        }
        return try Record.read(path, isVerified: isVerified)
    }

    /// The records of a study, in its order; those that cannot be read, with the reason.
    public func records(of studyFolder: String) throws -> (
        records: [Record], unreadable: [(path: String, reason: String)]
    ) {
        // Foundation does not say why a folder cannot be listed.
        guard let listing = opendir(studyFolder) else {
            throw InputError(
                path: studyFolder, attempt: "list the study's folder", reason: String(cString: strerror(errno)))
        }
        closedir(listing)
        let names = try FileManager.default.contentsOfDirectory(atPath: studyFolder)
        var records: [Record] = [], unreadable: [(String, String)] = []
        for name in names.sorted() {
            let path = "\(studyFolder)/\(name)/run.h5"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            do { records.append(try Self.verifiedRecord(path)) } catch { unreadable.append((path, "\(error)")) }
        }
        return (records.sorted { ($0.run.position, $0.run.point) < ($1.run.position, $1.run.point) }, unreadable)
    }

    /// Moves a file out of the way of what is about to be written there, under a name of its own: nothing is overwritten that was
    /// made from another specification, by another version, or that is damaged.
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
