import FlowMaps

/// `data: {idx: {images: train-images-idx3-ubyte.gz, labels: train-labels-idx1-ubyte.gz}}`: grey images
/// [count, height, width], or images of several channels in a `layout` of four axes, and labels [count], in IDX, plain or gzip.
///
/// Bytes are pixels, other numbers are read unscaled. Without `classes` their number is the largest label plus one.
package struct IDXFormat: FileFormat {
    package static let name = "idx"
    package let images: DataPath
    package var labels: DataPath?
    package var classes: Int?
    package var layout: ArrayLayout?
    package var content: DataContent?

    package enum CodingKeys: String, CodingKey, CaseIterable { case images, labels, classes, layout, content }

    package func validate() throws(Violation) {
        guard let classes else { return }
        try require(classes, "classes", in: 1...Most.classes)
        try require(labels != nil, "classes", found: classes, allowed: "nothing, as there are no labels")
    }

    package var valueRange: ClosedRange<Float>? { content?.pixels == false ? nil : -1...1 }
    package var place: DataPlace { DataPlace(key: "idx.images", path: images.text) }

    package func signatures() -> [SignedFile]? { SignedFile.all([images, labels]) }

    package func stored() throws -> any StoredData {
        try IDXImages(images: images, labels: labels, classes: classes, layout: layout)
    }
}
