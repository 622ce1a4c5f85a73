import FlowMaps

/// `data: {latents: {file: latents.h5}}`: an HDF5 file with floats `latents` [count, channels, height, width] and, optionally,
/// whole numbers `labels` [count].
///
/// Attributes `shift` (0) and `scale` (1) of `latents`, a number or one per channel, define a sample as
/// (latent − shift) · scale. An attribute `classes` of `labels` may give their number.
package struct LatentFormat: FileFormat {
    package static let name = "latents"
    package let file: DataPath
    package var layout: ArrayLayout?
    package var content: DataContent?

    package enum CodingKeys: String, CodingKey, CaseIterable { case file, layout, content }

    package var valueRange: ClosedRange<Float>? { nil }
    package var place: DataPlace { DataPlace(key: "latents.file", path: file.text) }

    package func stored() throws -> any StoredData { try LatentFile(file: file, layout: layout) }
}
