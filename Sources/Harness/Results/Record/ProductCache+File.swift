import Foundation
import Specification
import Storage

/// The file is `ABLKNOWN` and the length of the list; the list, a product an entry, in the order of paths; the SHA-256 of all of these
/// and of the names of the layouts and the version that wrote it; then the summaries one after the other. Numbers have eight bytes, the
/// least first. An entry is the product's name, its identity, whether it is done, the number of its files with a signature each, and
/// length and checksum of its summary; what was concluded from all is an entry without a name. A file that is not so counts as none.
extension ProductCache {
    private static let magic = Array("ABLKNOWN".utf8)
    private static let hashLength = 32
    private static let layouts = Array(
        "\(Record.schema) \(CachedFile.schema) \(RecordSummary.schema) \(Version.text)".utf8)

    static func bytes(_ entries: [String: Entry], _ conclusion: KeptConclusion?) -> Data {
        var list: [UInt8] = [], payloads = Data()
        func append(_ name: String, _ identity: Identity, _ isDone: Bool, _ files: [FileSignature], _ payload: Payload)
        {
            list.append(number: UInt64(name.utf8.count))
            list += name.utf8
            list += identity.hex.utf8
            list.append(number: isDone ? 1 : 0)
            list.append(number: UInt64(files.count))
            for file in files {
                for value in [
                    file.inode, file.size, UInt64(bitPattern: file.modified), UInt64(bitPattern: file.changed),
                ] {
                    list.append(number: value)
                }
            }
            list.append(number: UInt64(payload.bytes.count))
            list.append(number: UInt64(payload.checksum))
            payloads.append(payload.bytes)
        }
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            append(name, entry.identity, entry.isDone, entry.signature.files, entry.summary)
        }
        if let conclusion { append("", conclusion.fingerprint, false, [], conclusion.content) }
        var head = magic
        head.append(number: UInt64(list.count))
        head += list
        return Data(head + SHA256.hash(head + layouts)) + payloads
    }

    /// Nil where there is no file, or one that is damaged or of another version.
    static func content(of path: String) -> ([String: Entry], KeptConclusion?)? {
        guard RegularFile.fault(of: path) == nil,
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        else { return nil }
        let headLength = magic.count + 8
        guard bytes.count >= headLength + hashLength, bytes.starts(with: magic) else { return nil }
        var number = [UInt8](bytes[magic.count..<headLength])[...]
        guard let listLength = number.takeNumber(), listLength <= UInt64(bytes.count - headLength - hashLength) else {
            return nil
        }
        let end = headLength + Int(listLength), head = [UInt8](bytes[..<end])
        guard SHA256.hash(head + layouts).elementsEqual(bytes[end..<end + hashLength]) else { return nil }
        return decoded(head[headLength...], bytes[(end + hashLength)...])
    }

    private static func decoded(_ list: ArraySlice<UInt8>, _ payloads: Data) -> ([String: Entry], KeptConclusion?)? {
        var rest = list, payloads = payloads, entries: [String: Entry] = [:], conclusion: KeptConclusion?
        while !rest.isEmpty {
            guard let length = rest.takeNumber(), let name = rest.take(length), let hex = rest.take(64),
                let identity = Identity(hex: String(decoding: hex, as: UTF8.self)), let isDone = rest.takeNumber(),
                let count = rest.takeNumber(), count <= UInt64(rest.count)
            else { return nil }
            var files: [FileSignature] = []
            while files.count < count {
                guard let file = rest.takeSignature() else { return nil }
                files.append(file)
            }
            guard let size = rest.takeNumber(), let checksum = rest.takeNumber().flatMap({ UInt32(exactly: $0) }),
                size <= UInt64(payloads.count)
            else { return nil }
            let payload = Payload(bytes: payloads.prefix(Int(size)), checksum: checksum)
            payloads = payloads.dropFirst(Int(size))
            if name.isEmpty {
                conclusion = KeptConclusion(fingerprint: identity, content: payload)
            } else {
                entries[String(decoding: name, as: UTF8.self)] = Entry(
                    identity: identity, signature: ProductSignature(files: files), isDone: isDone == 1, summary: payload
                )
            }
        }
        return payloads.isEmpty ? (entries, conclusion) : nil
    }
}

extension [UInt8] {
    /// Eight bytes, the least first.
    fileprivate mutating func append(number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
        guard count <= UInt64(self.count) else { return nil }
        defer { self = dropFirst(Int(count)) }
        return prefix(Int(count))
    }

    fileprivate mutating func takeNumber() -> UInt64? {
        take(8).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    fileprivate mutating func takeSignature() -> FileSignature? {
        guard let inode = takeNumber(), let size = takeNumber(), let modified = takeNumber(), let changed = takeNumber()
        else { return nil }
        return FileSignature(
            inode: inode, size: size, modified: Int64(bitPattern: modified), changed: Int64(bitPattern: changed))
    }
}
