internal import CJPEG
internal import CPNG
import Foundation

/// A picture in a file from another program, PNG of any kind or JPEG, recognised by its first bytes.
package enum PictureFile {
    /// The most pixels of a picture, 11,585 × 11,585: more than any camera's, and no more memory than a machine has.
    package static let largestCount = 1 << 27

    /// A colour that transparent pixels are laid over.
    package typealias Colour = (red: UInt8, green: UInt8, blue: UInt8)

    /// The picture in the bytes of a file, as 8-bit grey or RGB.
    ///
    /// A PNG of fewer bits or of a palette is expanded, one of 16 bits is scaled to 8; a JPEG of inks becomes RGB.
    /// Colour profiles and a camera's orientation are ignored, as by the usual loaders of this field.
    /// - Parameter background: the colour behind pixels that are not opaque; nil refuses these.
    /// - Throws: `PictureError` for another format, and for a damaged or truncated file or one of more than
    ///   `largestCount` pixels.
    package static func decoded(_ bytes: [UInt8], background: Colour? = nil) throws(PictureError) -> PNGImage {
        if bytes.starts(with: [0xff, 0xd8, 0xff]) { return try jpeg(bytes) }
        if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return try png(bytes, background) }
        throw PictureError(detail: bytes.isEmpty ? "an empty file" : "neither PNG nor JPEG by its first bytes")
    }

    private static func jpeg(_ bytes: [UInt8]) throws(PictureError) -> PNGImage {
        var message = cjpeg_message(), image = cjpeg_image()
        let isDecoded = bytes.withUnsafeBufferPointer {
            cjpeg_decode($0.baseAddress, $0.count, UInt64(largestCount), &image, &message)
        }
        guard isDecoded == 1, let pixels = image.pixels, let color = PNGImage.Color(rawValue: Int(image.channels))
        else {
            throw PictureError(detail: withUnsafeBytes(of: message.characters, text))
        }
        defer { free(pixels) }
        let (width, height) = (Int(image.width), Int(image.height))
        let copy = Array(UnsafeBufferPointer(start: pixels, count: width * height * color.channels))
        return PNGImage(width: width, height: height, color: color, pixels: copy)
    }

    private static func png(_ bytes: [UInt8], _ background: Colour?) throws(PictureError) -> PNGImage {
        var message = cpng_message(), image = cpng_image()
        let isDecoded = bytes.withUnsafeBufferPointer { buffer in
            var source = cpng_source(start: buffer.baseAddress, count: buffer.count, position: 0)
            return cpng_decode_any(&source, UInt64(largestCount), &image, &message)
        }
        guard isDecoded == 1, let pixels = image.pixels else {
            throw PictureError(detail: withUnsafeBytes(of: message.characters, text))
        }
        defer { cpng_free_image(&image) }
        let (width, height, channels) = (Int(image.width), Int(image.height), Int(image.channels))
        let all = UnsafeBufferPointer(start: pixels, count: width * height * channels)
        return PNGImage(
            width: width, height: height, color: channels > 2 ? .rgb : .grey,
            pixels: channels.isMultiple(of: 2) ? try opaque(all, channels, background) : Array(all))
    }

    /// Pixels without their alpha, laid over the background: value · alpha + background · (1 − alpha), to the nearest byte.
    ///
    /// Grey pixels over a colour that is no grey are refused: they would be no grey picture.
    private static func opaque(
        _ pixels: UnsafeBufferPointer<UInt8>, _ channels: Int, _ background: Colour?
    ) throws(PictureError) -> [UInt8] {
        let colours = channels - 1
        let behind = background.map { colours == 1 ? [$0.red] : [$0.red, $0.green, $0.blue] } ?? []
        var result = [UInt8](repeating: 0, count: pixels.count / channels * colours)
        for pixel in 0..<(pixels.count / channels) {
            let alpha = Int(pixels[pixel * channels + colours])
            for colour in 0..<colours {
                let value = pixels[pixel * channels + colour]
                guard alpha < 255 else {
                    result[pixel * colours + colour] = value
                    continue
                }
                guard let background else { throw .transparent }
                if colours == 1, background.red != background.green || background.red != background.blue {
                    throw PictureError(detail: "a grey picture that is transparent, over a colour")
                }
                let sum = Int(value) * alpha + Int(behind[colour]) * (255 - alpha)
                result[pixel * colours + colour] = UInt8((sum + 127) / 255)
            }
        }
        return result
    }

    private static func text(_ characters: UnsafeRawBufferPointer) -> String {
        String(decoding: characters.prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// The reason for which a file is not a readable picture.
package struct PictureError: Error, Equatable {
    /// The fault, in the words of the library that reads the format.
    package let detail: String

    package static let transparent = PictureError(detail: "pixels that are not opaque")
}

extension PNGImage {
    /// The bytes of a JPEG file, of 8 bits and with halved colour channels as is usual.
    /// - Parameter quality: 1...100.
    /// - Throws: `PictureError` for sides above 65,500.
    package func encodedJPEG(quality: Int) throws(PictureError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?, count: CUnsignedLong = 0, message = cjpeg_message()
        defer { free(bytes) }
        let isEncoded = pixels.withUnsafeBufferPointer {
            cjpeg_encode(
                $0.baseAddress, UInt32(width), UInt32(height), CInt(color.channels), CInt(quality), &bytes, &count,
                &message)
        }
        guard isEncoded == 1 else {
            let detail = withUnsafeBytes(of: message.characters) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw PictureError(detail: detail)
        }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}
