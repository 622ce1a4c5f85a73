import Foundation
import Storage
import TestSupport
import Testing

@Suite("Pictures are written as PNG and read back")
struct PNGImageTests {
    let folder = TemporaryFolder()

    private let grey = PNGImage(width: 3, height: 2, color: .grey, pixels: [0, 127, 255, 1, 2, 3])
    private let rgb = PNGImage(width: 2, height: 2, color: .rgb, pixels: (0..<12).map { UInt8(20 * $0) })

    /// A PNG file put together by hand: one chunk after the other with its checksum.
    private func file(_ chunks: [(String, [UInt8])]) -> [UInt8] {
        func bytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        func checksum(_ bytes: [UInt8]) -> UInt32 {
            ~bytes.reduce(UInt32.max) { sum, byte in
                (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
            }
        }
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        return chunks.reduce(signature) { file, chunk in
            let body = Array(chunk.0.utf8) + chunk.1
            return file + bytes(UInt32(chunk.1.count)) + body + bytes(checksum(body))
        }
    }

    private func refusal(_ bytes: [UInt8]) -> String? {
        #expect(throws: PNGError.self) { try PNGImage.decoded(bytes) }?.description
    }

    @Test("pixels come back")
    func pixels() throws {
        for image in [grey, rgb] {
            try image.write(to: folder.file("image.png"))
            let read = try PNGImage.read(folder.file("image.png"))
            #expect(read.image == image)
            #expect(read.text == [])
        }
        #expect(folder.names() == ["image.png"])
    }

    @Test("texts come back in their order, in any alphabet")
    func text() throws {
        let text = [
            PNGImage.Text("run", "3f2a91"), PNGImage.Text("arm", "λ=0.5, both"), PNGImage.Text("run", "again"),
            PNGImage.Text("a key", ""), PNGImage.Text("spec", "axes:\n  seed: [1, 2]\n"),
        ]
        try rgb.write(to: folder.file("image.png"), text: text)
        let read = try PNGImage.read(folder.file("image.png"))
        #expect(read.text == text)
        #expect(read.image == rgb)
    }

    @Test("there is no time in the file, and twice the same picture is twice the same bytes")
    func stableBytes() throws {
        let text = [PNGImage.Text("run", "3f2a91"), PNGImage.Text("arm", "λ")]
        let bytes = try rgb.encoded(text: text)
        try #expect(rgb.encoded(text: text) == bytes)
        var chunks: [String] = []
        var position = 8
        while position < bytes.count {
            let count = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            chunks.append(String(decoding: bytes[position + 4..<position + 8], as: UTF8.self))
            position += 12 + count
        }
        #expect(chunks == ["IHDR", "tEXt", "iTXt", "IDAT", "IEND"])
    }

    @Test("a keyword is refused that the format cannot hold")
    func keyword() {
        for keyword in ["", " run", "run ", "a  b", "λ", "a\nb", "a\0b", String(repeating: "k", count: 80)] {
            expectRefused(keyword)
        }
    }

    private func expectRefused(_ keyword: String) {
        let path = folder.file("image.png")
        let error = #expect(throws: PNGError.self) { try grey.write(to: path, text: [PNGImage.Text(keyword, "text")]) }
        #expect(
            error?.description
                == "\(path): cannot write the picture: the keyword '\(keyword)' is not 1 to 79 printable ASCII characters "
                + "with single spaces between them")
        #expect(folder.names() == [])
    }

    @Test("a text with NUL is refused, a keyword of 79 characters is not")
    func nul() throws {
        let error = #expect(throws: PNGError.self) { try grey.encoded(text: [PNGImage.Text("run", "a\0b")]) }
        #expect(error?.description == "PNG: cannot write the picture: the text of 'run' contains the character NUL")
        let text = [PNGImage.Text(String(repeating: "k", count: 79), "")]
        try #expect(PNGImage.decoded(grey.encoded(text: text)).text == text)
    }

    @Test("a missing folder and a missing file are refused")
    func missing() {
        let path = folder.file("absent/image.png")
        let write = #expect(throws: FileError.self) { try grey.write(to: path) }
        #expect(write?.description == "\(path): cannot create the file: No such file or directory")
        let read = #expect(throws: FileError.self) { try PNGImage.read(path) }
        #expect(read?.description == "\(path): cannot open the file: No such file or directory")
        let folderRead = #expect(throws: FileError.self) { try PNGImage.read(folder.path) }
        #expect(folderRead?.description == "\(folder.path): cannot read the file: Is a directory")
    }

    @Test("a file cut anywhere is refused")
    func truncated() throws {
        let bytes = try rgb.encoded(text: [PNGImage.Text("run", "3f2a91")])
        for count in 8..<bytes.count {
            #expect(
                refusal(Array(bytes[..<count])) == "PNG: cannot read the picture: the file is truncated",
                "\(count) of \(bytes.count) bytes")
        }
    }

    @Test("a flipped bit in any chunk is refused")
    func damaged() throws {
        let bytes = try rgb.encoded(text: [PNGImage.Text("run", "3f2a91")])
        let text = try #require(bytes.firstRange(of: Array("3f2a91".utf8))).lowerBound
        // The last chunk takes 12 bytes, and the checksum of the pixels is the 4 before.
        for (position, chunk) in [(text, "tEXt"), (bytes.count - 13, "IDAT"), (bytes.count - 1, "IEND")] {
            var damaged = bytes
            damaged[position] ^= 1
            #expect(refusal(damaged) == "PNG: cannot read the picture: \(chunk): CRC error")
        }
    }

    @Test("another kind of file is refused")
    func otherFile() {
        #expect(refusal(Array("this is not a picture".utf8)) == "PNG: cannot read the picture: Not a PNG file")
        #expect(refusal([]) == "PNG: cannot read the picture: the file is truncated")
    }

    @Test(
        "pictures of another kind are refused by name",
        arguments: [
            (16, 0, 0, "16-bit grey"), (1, 0, 0, "1-bit grey"), (16, 2, 0, "16-bit RGB"), (8, 3, 0, "8-bit palette"),
            (8, 4, 0, "8-bit grey with alpha"), (8, 6, 0, "8-bit RGB with alpha"), (8, 2, 1, "8-bit RGB, interlaced"),
        ] as [(UInt8, UInt8, UInt8, String)])
    func otherPictures(depth: UInt8, color: UInt8, interlace: UInt8, name: String) {
        let palette: [(String, [UInt8])] = color == 3 ? [("PLTE", [0, 0, 0])] : []
        let bytes = file(
            [("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, depth, color, 0, 0, interlace])] + palette + [("IDAT", [])])
        #expect(
            refusal(bytes)
                == "PNG: cannot read the picture: the image is \(name); only 8-bit grey or RGB without interlacing is read"
        )
    }

    @Test("pixels that do not fill the picture are the programmer's fault")
    func unfilled() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = PNGImage(width: 2, height: 3, color: .rgb, pixels: [1, 2])
        }
        #expect(said("2 bytes do not fill [height 3, width 2, channels 3]", result))
    }
}
