internal import CDigits

extension Dataset {
    /// The bundled handwritten digits: 1797 images `[1, 8, 8]` with values in [-1, 1], labels 0 to 9.
    ///
    /// Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
    /// 1998 (CC BY 4.0); see `LICENSE-digits.md` beside the files, which are built into the program. Pixels 0...16 become
    /// pixel / 8 - 1, exactly.
    ///
    /// - Throws: `IDXError` where the files were damaged when the program was built.
    public static func digits() throws -> Dataset {
        let images = try bundled(ablate_digits_images, file: "digits-images.idx3-ubyte")
        let labels = try bundled(ablate_digits_labels, file: "digits-labels.idx1-ubyte")
        let shape = ImageShape(channels: 1, height: images.shape[1], width: images.shape[2])
        return Dataset(
            name: "digits", samples: images.values.map { Float($0) / 8 - 1 }, dimension: shape.height * shape.width,
            labels: labels.values.map(Int.init), classCount: 10, imageShape: shape, valueRange: -1...1)
    }

    private static func bundled(
        _ bytes: (UnsafeMutablePointer<Int>) -> UnsafePointer<UInt8>?, file: String
    ) throws(IDXError) -> IDX {
        var count = 0
        let start = bytes(&count)
        return try IDX.read(Array(UnsafeBufferPointer(start: start, count: count)), file: file)
    }
}
