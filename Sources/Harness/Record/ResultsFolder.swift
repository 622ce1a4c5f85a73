import Foundation

/// Where things lie under one folder of results:
/// ```
/// results/<study>/study.yaml               the study as it was written
/// results/<study>/<point>/run.h5, grid.png
/// results/<study>/table.csv, table.md, grid.png
/// results/cache/<stage>/<identity>.h5      what runs share
/// ```
public struct ResultsFolder: Codable, Hashable, Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// Not to be used as the name of a study.
    static let cacheName = "cache"

    public func study(_ name: String) -> String { "\(path)/\(name)" }
    public func point(_ run: Run) -> String { "\(study(run.study))/\(run.point)" }
    public func record(_ run: Run) -> String { "\(point(run))/run.h5" }

    /// The file that a piece of shared work leaves; for a run its record.
    func product(_ work: Work) -> String {
        switch work {
        case .teacher: cached("teacher", work.identity)
        case .classifier: cached("classifier", work.identity)
        case .reference: cached("reference", work.identity)
        case .run(let work): record(work.run)
        }
    }

    private func cached(_ stage: String, _ identity: Identity) -> String {
        "\(path)/\(Self.cacheName)/\(stage)/\(identity.hex.prefix(24)).h5"
    }

    /// Whether a piece of work is done: its file is there, whole, and of its identity.
    func isDone(_ work: Work) -> Bool {
        switch work {
        case .run: Record.identity(in: product(work)) == work.identity
        case .teacher, .classifier, .reference: CachedFile.identity(in: product(work)) == work.identity
        }
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
            do { records.append(try Record.read(path)) } catch { unreadable.append((path, "\(error)")) }
        }
        return (records.sorted { ($0.run.position, $0.run.point) < ($1.run.position, $1.run.point) }, unreadable)
    }

    /// Moves a file out of the way of what is about to be written there, under a name of its own: nothing is overwritten that was
    /// made from another specification, by another version, or that is damaged.
    /// - Returns: the new path, nil where there was no file.
    static func setAside(_ path: String) throws -> String? {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else { return nil }
        let stem = (path as NSString).deletingPathExtension, suffix = (path as NSString).pathExtension
        let free = (1...).lazy.map { "\(stem).aside-\($0).\(suffix)" }.first { !manager.fileExists(atPath: $0) }!
        guard rename(path, free) == 0 else { throw FileError(path: path, attempt: "set the file aside") }
        return free
    }

    /// Makes a folder and those it lies in.
    static func create(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError(path: folder, attempt: "create the folder", reason: systemText(of: error))
        }
    }
}
