import Foundation

extension Dataset {
    /// The bundled handwritten digits: 1797 images `[1, 8, 8]` with values in [-1, 1], labels 0 to 9.
    ///
    /// Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
    /// 1998 (CC BY 4.0); see `LICENSE-digits.md` beside the files. Pixels 0...16 become pixel / 8 - 1, exactly.
    ///
    /// - Throws: `IDXError`, or the error of reading a file, where the package's resources are damaged.
    public static func digits() throws -> Dataset {
        let images = try bundled("digits-images.idx3-ubyte")
        let labels = try bundled("digits-labels.idx1-ubyte")
        let shape = ImageShape(channels: 1, height: images.shape[1], width: images.shape[2])
        return Dataset(
            name: "digits", samples: images.values.map { Float($0) / 8 - 1 }, dimension: shape.height * shape.width,
            labels: labels.values.map(Int.init), classCount: 10, imageShape: shape, valueRange: -1...1)
    }

    private static func bundled(_ file: String) throws -> IDX {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Resources")
        return try IDX.read(Array(Data(contentsOf: folder.appendingPathComponent(file))), file: file)
    }
}
