internal import CPNG
import Foundation

// MARK: Writing

extension PNGImage {
    /// Writes the picture to `path` whole or not at all, with `text` in the given order.
    ///
    /// The same picture and text give the same bytes for one version of zlib: there is no time in them. Throws
    /// `PNGError` where a text cannot be stored, and `FileError`.
    /// - Parameter isDurable: false leaves it to the caller to bring the file to the disk.
    package func write(to path: String, text: [Text] = [], isDurable: Bool = true) throws {
        try AtomicFile.write(encode(text, path: path), to: path, isDurable: isDurable)
    }

    /// The bytes of the PNG file, with `text` in the given order.
    ///
    /// Throws `PNGError` where a text cannot be stored.
    package func encoded(text: [Text] = []) throws -> [UInt8] {
        try encode(text, path: nil)
    }

    private func encode(_ text: [Text], path: String?) throws -> [UInt8] {
        let operation = "write the picture"
        if let refusal = text.lazy.compactMap(\.refusal).first {
            throw PNGError(path: path, operation: operation, detail: refusal)
        }
        var chunks = text.map { text in
            cpng_text(keyword: strdup(text.keyword), text: strdup(text.text), is_utf8: text.isASCII ? 0 : 1)
        }
        defer {
            for chunk in chunks {
                free(chunk.keyword)
                free(chunk.text)
            }
        }
        var pixels = pixels
        var bytes = cpng_bytes()
        defer { free(bytes.start) }
        var message = cpng_message()
        let isEncoded = pixels.withUnsafeMutableBufferPointer { pixels in
            chunks.withUnsafeMutableBufferPointer { chunks in
                var image = cpng_image(
                    width: UInt32(width), height: UInt32(height), channels: CInt(color.channels),
                    pixels: pixels.baseAddress, text: chunks.baseAddress, text_count: CInt(chunks.count))
                return cpng_encode(&image, &bytes, &message)
            }
        }
        guard isEncoded == 1 else { throw PNGError(path: path, operation: operation, detail: message.string) }
        return Array(UnsafeBufferPointer(start: bytes.start, count: bytes.count))
    }
}

extension PNGImage.Text {
    fileprivate var isASCII: Bool { text.utf8.allSatisfy { $0 < 128 } }

    /// The reason for which the format cannot store this text, or nil.
    fileprivate var refusal: String? {
        let isPrintable = keyword.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard isPrintable, (1...79).contains(keyword.utf8.count), !keyword.hasPrefix(" "), !keyword.hasSuffix(" "),
            !keyword.contains("  ")
        else {
            return "the keyword '\(keyword)' is not 1 to 79 printable ASCII characters with single spaces between them"
        }
        return text.utf8.contains(0) ? "the text of '\(keyword)' contains the character NUL" : nil
    }
}

// MARK: Reading

extension PNGImage {
    /// The picture in the file at `path`, and its texts in the file's order.
    ///
    /// Throws `FileError` where the file cannot be read, and `PNGError` where it is not PNG, is truncated, fails a
    /// checksum, or holds anything but 8-bit grey or RGB without interlacing.
    package static func read(_ path: String) throws -> (image: PNGImage, text: [Text]) {
        guard access(path, F_OK) == 0 else { throw FileError(path: path, attempt: "open the file") }
        if let fault = RegularFile.fault(of: path) {
            throw FileError(path: path, attempt: "read the file", reason: fault)
        }
        guard let file = fopen(path, "rb") else { throw FileError(path: path, attempt: "open the file") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        guard ferror(file) == 0 else { throw FileError(path: path, attempt: "read the file") }
        return try decode(bytes, path: path)
    }

    /// The picture in the bytes of a PNG file, and its texts in the file's order.
    ///
    /// Throws `PNGError` as `read` does.
    package static func decoded(_ bytes: [UInt8]) throws -> (image: PNGImage, text: [Text]) {
        try decode(bytes, path: nil)
    }

    private static func decode(_ bytes: [UInt8], path: String?) throws -> (image: PNGImage, text: [Text]) {
        var message = cpng_message()
        var decoded = cpng_image()
        let isDecoded = bytes.withUnsafeBufferPointer { bytes in
            var source = cpng_source(start: bytes.baseAddress, count: bytes.count, position: 0)
            return cpng_decode(&source, &decoded, &message)
        }
        guard isDecoded == 1, let color = Color(rawValue: Int(decoded.channels)) else {
            throw PNGError(path: path, operation: "read the picture", detail: message.string)
        }
        defer { cpng_free_image(&decoded) }
        let (width, height) = (Int(decoded.width), Int(decoded.height))
        let pixels = UnsafeBufferPointer(start: decoded.pixels, count: width * height * color.channels)
        let text = UnsafeBufferPointer(start: decoded.text, count: Int(decoded.text_count)).map(Text.init(chunk:))
        return (PNGImage(width: width, height: height, color: color, pixels: Array(pixels)), text)
    }
}

extension PNGImage.Text {
    fileprivate init(chunk: cpng_text) {
        let text = UnsafeRawBufferPointer(start: chunk.text, count: strlen(chunk.text))
        self.init(
            String(latin1: UnsafeRawBufferPointer(start: chunk.keyword, count: strlen(chunk.keyword))),
            chunk.is_utf8 == 1 ? String(decoding: text, as: UTF8.self) : String(latin1: text))
    }
}

extension String {
    /// Latin-1 is the first 256 characters of Unicode.
    fileprivate init(latin1 bytes: UnsafeRawBufferPointer) {
        self.init(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

extension cpng_message {
    fileprivate var string: String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
