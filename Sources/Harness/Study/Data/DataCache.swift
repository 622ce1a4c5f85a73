import FlowMaps
import Foundation
import Specification
import Storage

/// What was found in data files before, in a folder of results: files whose inode, size and times are the same are not read again.
///
/// An inspection is `<24 digits>.json`, named by a hash of the files' signatures; decoded pictures are `<24 digits>.npz`, named by their
/// content.
package struct DataCache: Sendable {
    /// The folder of both, `<results>/cache/data`.
    package let folder: String
    /// New inspections and pictures are written; else files are only read, and folders of more than `mostUnread` pictures not even
    /// that.
    package let isWriting: Bool

    /// The pictures of a folder that are read without writing at most: some seconds of work.
    let mostUnread: Int
    /// Nanoseconds from one time of a file to the next.
    private let step: Int64

    package init(
        _ folder: String, isWriting: Bool, mostUnread: Int = 10_000, step: Int64 = FileSignature.step
    ) {
        (self.folder, self.isWriting, self.mostUnread, self.step) = (folder, isWriting, mostUnread, step)
    }

    /// The source with the content of its files, and the summary of them, from an earlier inspection where there was one.
    /// - Throws: as `DatasetSource.surveyed`; `DataNotRead` for a large folder that may not be read.
    func surveyed(_ source: DatasetSource) throws -> (source: DatasetSource, summary: DataSummary) {
        guard let format = source.file, let files = try format.signatures() else { return try source.surveyed() }
        let path = inspection(of: format, files)
        if let known = DataInspection(path) {
            try format.check(known.content)
            return (DatasetSource(format.holding(known.content)), known.summary)
        }
        if source.isStoredDecoded, files.count > mostUnread, !isWriting {
            throw DataNotRead(
                path: format.place.path, files: files.count, bytes: files.reduce(0) { $0 + Double($1.signature.size) })
        }
        let (found, summary) = try source.surveyed(decodedIn: isWriting ? folder : nil)
        // A file of this moment could change once more without a sign of it.
        guard isWriting, let content = found.content, files.allSatisfy({ $0.signature.isSettled(step: step) }) else {
            return (found, summary)
        }
        // Where there is no room for it the next one reads the files again.
        try? DataInspection(content: content, summary: summary).write(to: path, in: folder)
        return (found, summary)
    }

    /// The beginning of the identity of the content that a file of the cache is of; nil of a damaged one.
    package static func content(of path: String) -> String? {
        guard path.hasSuffix(".json") else { return String((path as NSString).lastPathComponent.prefix(24)) }
        return DataInspection(path).map { String($0.content.identity.prefix(24)) }
    }

    /// Why a file of the cache is of no use; nil where it is whole.
    package static func fault(of path: String) -> String? {
        if path.hasSuffix(".json") { return DataInspection(path) == nil ? "it is no inspection of this version" : nil }
        if path.hasSuffix(".f32") {
            let isWhole = MappedFloats.count(of: path).flatMap { MappedFloats(path, count: $0) }?.isWhole ?? false
            return isWhole ? nil : "its samples are not those that were written"
        }
        do {
            let file = try ArrayFile(path)
            for name in file.names {
                let array = try file.array(name)
                for rows in array.blocks() { _ = try array.floats(rows) }
            }
            return nil
        } catch { return "its pictures cannot be read" }
    }

    private func inspection(of format: any FileFormat, _ files: [SignedFile]) -> String {
        var hash = SHA256()
        hash.update(Array("\(DataInspection.schema)\n\(format.choices)\n".utf8))
        for file in files {
            let sign = file.signature
            hash.update(Array("\(file.path)\0\(sign.inode) \(sign.size) \(sign.modified) \(sign.changed)\n".utf8))
        }
        return "\(folder)/\(Identity(digest: hash.finish()).hex.prefix(24)).json"
    }
}

/// A large folder of pictures was not read for a plan: a run reads it.
package struct DataNotRead: Error, CustomStringConvertible {
    package let path: String
    package let files: Int
    package let bytes: Double
    /// The study, and the number of its runs.
    package var study = ""
    package var runs = 0

    package var description: String {
        "data images: \(files) files in \(path) (\(RegularFile.text(bytes: bytes))), not hashed yet: "
            + "ablate run reads them once, and plan then says what is done"
    }
}

/// A data file with its signature.
package struct SignedFile: Sendable {
    /// From the folder of a folder of pictures; else as the study names it.
    package let path: String
    package let signature: FileSignature

    /// The files that are there; nil where one is missing, which its reader tells, and of HDF5, which may point to other files.
    static func all(_ files: [DataPath?]) -> [SignedFile]? {
        let named = files.compactMap { $0?.text }
        let signed = named.compactMap { file in
            ArrayFile.isHDF5(file) ? nil : FileSignature(file).map { SignedFile(path: file, signature: $0) }
        }
        return signed.count == named.count ? signed : nil
    }
}

extension FileFormat {
    /// The format with its settings, whatever its files hold.
    var choices: String {
        var format = self
        format.content = nil
        return "\(Self.name) \(format)"
    }
}
