import FlowMaps

/// `data: {images: {folder: flowers, size: 64}}`: PNG and JPEG files, of one size or cropped and resampled to squares of `size`.
///
/// The folders in it, where there are any, are the classes in the order of their names. `background` lies behind pixels that are
/// not opaque.
package struct ImageFolderFormat: FileFormat {
    package static let name = "images"
    package let folder: DataPath
    package var size: Int?
    package var background: ImageBackground?
    package var content: DataContent?

    package enum CodingKeys: String, CodingKey, CaseIterable { case folder, size, background, content }

    /// The longest side of images that are resampled: more than any network here is trained on.
    private static let largestSide = 4096

    package func validate() throws(Violation) {
        if let size { try require(size, "size", in: 1...Self.largestSide) }
    }

    package var place: DataPlace { DataPlace(key: "images.folder", path: folder.text) }
    package var isStoredDecoded: Bool { true }

    package func signatures() throws -> [SignedFile]? { try ImageListing(place, signing: true).signed }

    package func stored() throws -> any StoredData {
        try ImageFolder(folder: folder, size: size, background: background)
    }
}
