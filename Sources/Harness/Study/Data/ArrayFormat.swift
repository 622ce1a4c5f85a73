import FlowMaps

/// `data: {arrays: {file: images.npz, dataset: images, labels: classes, layout: nhwc}}`: one array of a NumPy, safetensors or HDF5
/// file, which has images of four axes in a `layout`, grey ones [count, height, width], or points of the plane [count, 2].
///
/// `dataset` names it where the file has several; `labels` names another array of the file, or of `labelFile`. Bytes are pixels,
/// other numbers (value − `shift`) · `scale`.
package struct ArrayFormat: FileFormat {
    package static let name = "arrays"
    package let file: DataPath
    package var dataset: String?
    package var labels: String?
    package var labelFile: DataPath?
    package var layout: ArrayLayout?
    package var classes: Int?
    package var shift: Double?
    package var scale: Double?
    package var content: DataContent?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case file, dataset, labels, labelFile, layout, classes, shift, scale, content
    }

    package func validate() throws(Violation) {
        try require(classes ?? 1, "classes", in: 1...Most.classes)
        try require(
            classes == nil || labels != nil || labelFile != nil, "classes", found: classes ?? 0,
            allowed: "nothing, as there are no labels")
        try require((shift ?? 0).isFinite, "shift", found: shift ?? 0, allowed: "a finite number")
        try require(
            (scale ?? 1).isFinite && scale != 0, "scale", found: scale ?? 1, allowed: "a finite number that is not 0")
    }

    package var image: ImageShape? { isPlanar ? nil : known.image }
    package var isPlanar: Bool { content?.isPoints ?? false }
    package var valueRange: ClosedRange<Float>? { content?.pixels == true ? -1...1 : nil }
    package var place: DataPlace { DataPlace(key: "arrays.file", path: file.text) }

    package func signatures() -> [SignedFile]? { SignedFile.all([file, labelFile]) }

    package func stored() throws -> any StoredData {
        try ArrayData(
            file: file,
            ArrayData.Choice(
                dataset: dataset, labels: labels, labelFile: labelFile, layout: layout, classes: classes, shift: shift,
                scale: scale))
    }
}

/// The order of the four axes of an array of images.
package enum ArrayLayout: String, Codable, Hashable, Sendable, CaseIterable {
    /// [count, channels, height, width], as PyTorch has them.
    case nchw
    /// [count, height, width, channels], as NumPy, Pillow and JAX have them.
    case nhwc
}
