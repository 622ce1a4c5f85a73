import Storage
import TestSupport
import Testing

@Suite("Pictures that others wrote")
struct PictureFileTests {
    private func refusal(_ bytes: [UInt8], _ background: PictureFile.Colour? = nil) -> String {
        do throws(PictureError) {
            _ = try PictureFile.decoded(bytes, background: background)
            return "accepted"
        } catch { return error.detail }
    }

    private func grey(_ bytes: [UInt8]) throws -> [UInt8] {
        let picture = try PictureFile.decoded(bytes)
        #expect(picture.color == .grey)
        return picture.pixels
    }

    @Test("grey PNG of 1, 2, 4, 8 and 16 bits is grey of 8, its black and white being the ends")
    func depths() throws {
        let rows: [(depth: UInt8, row: [UInt8], expected: [UInt8])] = [
            (1, [0b0110_0000], [0, 255, 255, 0]), (2, [0b00_01_10_11], [0, 85, 170, 255]),
            (4, [0x0f, 0x80], [0, 255, 136, 0]),
            (8, [0, 1, 254, 255], [0, 1, 254, 255]),
            (16, [0, 0, 0xff, 0xff, 0x80, 0x80, 0x12, 0x34], [0, 255, 128, 18]),
        ]
        for (depth, row, expected) in rows {
            let bytes = PNGFiles.picture(width: 4, height: 1, depth: depth, color: 0, rows: [0] + row)
            #expect(try grey(bytes) == expected, "\(depth) bits")
        }
    }

    @Test("a palette becomes colours")
    func palette() throws {
        let bytes = PNGFiles.picture(
            width: 2, height: 1, depth: 8, color: 3, rows: [0, 1, 0], between: [("PLTE", [1, 2, 3, 200, 100, 50])])
        let picture = try PictureFile.decoded(bytes)
        #expect(picture.color == .rgb && picture.pixels == [200, 100, 50, 1, 2, 3])
    }

    @Test("pixels that are not opaque are laid over the background that is said, and refused where none is")
    func alpha() throws {
        let colour = PNGFiles.picture(
            width: 2, height: 1, depth: 8, color: 6, rows: [0, 100, 0, 200, 51, 9, 8, 7, 255])
        #expect(refusal(colour) == "pixels that are not opaque")
        // 51/255 is a fifth: 100/5 + 255·4/5, 0 + 204, 40 + 204.
        #expect(try PictureFile.decoded(colour, background: (255, 255, 255)).pixels == [224, 204, 244, 9, 8, 7])
        #expect(try PictureFile.decoded(colour, background: (0, 0, 0)).pixels == [20, 0, 40, 9, 8, 7])
        let grey = PNGFiles.picture(width: 1, height: 1, depth: 8, color: 4, rows: [0, 100, 51])
        #expect(try PictureFile.decoded(grey, background: (255, 255, 255)).pixels == [224])
        #expect(refusal(grey, (255, 0, 0)) == "a grey picture that is transparent, over a colour")
        let opaque = PNGFiles.picture(width: 1, height: 1, depth: 8, color: 4, rows: [0, 100, 255])
        #expect(try self.grey(opaque) == [100])
        let keyed = PNGFiles.picture(
            width: 2, height: 1, depth: 8, color: 0, rows: [0, 7, 8], between: [("tRNS", [0, 7])])
        #expect(try PictureFile.decoded(keyed, background: (255, 255, 255)).pixels == [255, 8])
    }

    @Test("interlaced rows are put together")
    func interlaced() throws {
        // Adam7 of 2 × 2: the first pixel, then the one right of it, then the lower row.
        let bytes = PNGFiles.picture(
            width: 2, height: 2, depth: 8, color: 0, rows: [0, 1, 0, 2, 0, 3, 4], isInterlaced: true)
        #expect(try grey(bytes) == [1, 2, 3, 4])
    }

    @Test("what is cut off, damaged or larger than any picture is refused before memory is taken for it")
    func refused() {
        let whole = PNGFiles.picture(width: 4, height: 1, depth: 8, color: 0, rows: [0, 1, 2, 3, 4])
        #expect(refusal(Array(whole.dropLast(14))).contains("truncated"))
        var flipped = whole
        flipped[whole.count - 20] ^= 1
        #expect(refusal(flipped).contains("CRC"))
        #expect(refusal([]) == "an empty file")
        #expect(refusal(Array("GIF89a".utf8)) == "neither PNG nor JPEG by its first bytes")
        for (width, height) in [(UInt32(1_000_000), UInt32(1_000_000)), (60_000, 60_000), (0x7fff_ffff, 1)] {
            let bomb = PNGFiles.picture(width: width, height: height, depth: 8, color: 0, rows: [0, 1])
            #expect(refusal(bomb) == "\(width) × \(height) pixels, more than the 134217728 that are read")
        }
        let empty = PNGFiles.picture(width: 0, height: 4, depth: 8, color: 0, rows: [])
        #expect(refusal(empty) != "accepted")
    }

    /// A smooth picture, which JPEG keeps.
    private func smooth(_ color: PNGImage.Color) -> PNGImage {
        let pixels = (0..<16 * 24).flatMap { place -> [UInt8] in
            let (row, column) = (place / 24, place % 24)
            return (0..<color.channels).map { UInt8(40 + 6 * row + 3 * column + 10 * $0) }
        }
        return PNGImage(width: 24, height: 16, color: color, pixels: pixels)
    }

    @Test("JPEG comes back as it was but for a few levels, grey as grey", arguments: [PNGImage.Color.grey, .rgb])
    func jpeg(color: PNGImage.Color) throws {
        let picture = smooth(color)
        let found = try PictureFile.decoded(picture.encodedJPEG(quality: 98))
        #expect((found.width, found.height, found.color) == (24, 16, color))
        let difference = zip(found.pixels, picture.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(difference <= 6, "quantised at a quality of 98, colours at half the resolution")
    }

    @Test("JPEG cut anywhere behind its header is refused, not filled with grey")
    func truncatedJPEG() throws {
        let bytes = try smooth(.rgb).encodedJPEG(quality: 90)
        for count in [3, 20, bytes.count / 2, bytes.count - 20] {
            #expect(refusal(Array(bytes[..<count])) != "accepted")
        }
        #expect(refusal(bytes) == "accepted")
    }

    @Test("random damage to pictures is refused or read, and never more than that")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 5)
        let sources = [
            try smooth(.rgb).encodedJPEG(quality: 80), try smooth(.grey).encoded(),
            PNGFiles.picture(width: 2, height: 2, depth: 8, color: 0, rows: [0, 1, 0, 2, 0, 3, 4], isInterlaced: true),
        ]
        for _ in 0..<300 {
            var bytes = sources[generator.below(sources.count)]
            for _ in 0...generator.below(4) { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
            if generator.happens(1, of: 3) { bytes = Array(bytes.prefix(generator.below(bytes.count))) }
            _ = try? PictureFile.decoded(bytes, background: (0, 0, 0))
        }
    }
}

@Suite("Pictures of another size")
struct ResamplingTests {
    /// As the oracle's: 37x + 91y + 53c + 7xy modulo 256.
    private func picture(_ width: Int, _ height: Int, _ color: PNGImage.Color) -> PNGImage {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<color.channels { pixels.append(UInt8((37 * x + 91 * y + 53 * c + 7 * x * y) % 256)) }
            }
        }
        return PNGImage(width: width, height: height, color: color, pixels: pixels)
    }

    @Test("have the bytes that Pillow 13.0 gives")
    func pillow() {
        let grey = picture(7, 5, .grey)
        #expect(
            mismatch(
                grey.resized(width: 4, height: 3, by: .bicubic).pixels,
                [56, 127, 113, 151, 150, 117, 130, 146, 99, 159, 143, 161] as [UInt8]) == nil)
        #expect(
            mismatch(
                grey.resized(width: 3, height: 2, by: .area).pixels, [113, 109, 163, 94, 162, 145] as [UInt8]) == nil)
        #expect(
            mismatch(
                grey.resized(width: 9, height: 6, by: .bicubic).pixels,
                [
                    0, 18, 49, 78, 107, 143, 174, 205, 229, 63, 89, 133, 181, 208, 62, 44, 91, 119, 160, 204, 157, 87,
                    134,
                    76, 98, 154, 184, 116, 163, 121, 56, 120, 185, 158, 145, 188, 23, 61, 123, 168, 167, 227, 136, 79,
                    133,
                    108, 151, 220, 210, 42, 87, 148, 208, 250,
                ] as [UInt8]) == nil)
    }

    @Test("are cut out of the centre as ADM does it")
    func centre() {
        let found = picture(23, 17, .rgb).centreCropped(to: 4)
        #expect((found.width, found.height, found.color) == (4, 4, .rgb))
        #expect(
            mismatch(
                found.pixels,
                [
                    113, 134, 139, 127, 132, 137, 119, 133, 126, 122, 127, 132, 128, 133, 127, 138, 127, 127, 136, 129,
                    128,
                    140, 135, 140, 147, 120, 125, 109, 146, 135, 141, 123, 137, 124, 113, 118, 137, 126, 131, 99, 152,
                    93,
                    127, 134, 116, 118, 139, 128,
                ] as [UInt8]) == nil)
        let square = picture(4, 4, .grey)
        #expect(square.centreCropped(to: 4) == square)
    }
}
