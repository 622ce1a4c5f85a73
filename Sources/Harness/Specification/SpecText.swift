/// The text of a spec's file.
package enum SpecText {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The text that bytes are in UTF-8; a byte-order mark before it, as some editors leave, is passed over.
    /// - Throws: `SpecError` with the first byte that is no UTF-8, and where it stands.
    package static func decoded(_ bytes: [UInt8], file: String) throws(SpecError) -> String {
        let start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        let content = bytes[start...]
        if let text = String(validating: content, as: UTF8.self) { return text }
        let offset = validLength(content)
        let before = content[start..<start + offset].split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let column = before.last.map { String(decoding: $0, as: UTF8.self).unicodeScalars.count } ?? 0
        let digits = String(content[start + offset], radix: 16, uppercase: true)
        throw SpecError(
            .file(file, line: max(1, before.count), column: column + 1), "not UTF-8",
            found: "the byte 0x\(digits.count == 1 ? "0" : "")\(digits), number \(start + offset + 1) of the file",
            allowed: "text in UTF-8")
    }

    /// Bytes before the first that is not UTF-8.
    private static func validLength(_ bytes: ArraySlice<UInt8>) -> Int {
        var decoder = UTF8(), iterator = bytes.makeIterator(), length = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
        return min(length, bytes.count - 1)
    }
}
