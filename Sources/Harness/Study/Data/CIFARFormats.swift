import FlowMaps

/// `data: {cifar10: {files: [data_batch_1.bin, data_batch_2.bin]}}`: the binary batches of CIFAR-10, a label in 0...9 and
/// 3 × 32 × 32 bytes each.
package struct CIFAR10Format: FileFormat {
    package static let name = "cifar10"
    package let files: [DataPath]
    package var content: DataContent?

    package enum CodingKeys: String, CodingKey, CaseIterable { case files, content }

    package func validate() throws(Violation) { try nonEmpty(files, "files") }

    package var place: DataPlace { DataPlace(key: "cifar10.files", path: files[0].text) }

    package func signatures() -> [SignedFile]? { SignedFile.all(files) }

    package func stored() throws -> any StoredData { try CIFAR10Batches(files: files) }
}

/// `data: {cifar100: {files: [train.bin], labels: fine}}`: the binary batches of CIFAR-100, two labels, the coarse and the fine
/// one, and 3 × 32 × 32 bytes each.
package struct CIFAR100Format: FileFormat {
    package static let name = "cifar100"
    package let files: [DataPath]
    package let labels: CIFAR100Labels
    package var content: DataContent?

    package enum CodingKeys: String, CodingKey, CaseIterable { case files, labels, content }

    package func validate() throws(Violation) { try nonEmpty(files, "files") }

    package var place: DataPlace { DataPlace(key: "cifar100.files", path: files[0].text) }

    package func signatures() -> [SignedFile]? { SignedFile.all(files) }

    package func stored() throws -> any StoredData { try CIFAR100Batches(files: files, labels: labels) }
}

/// The two labels of CIFAR-100's images.
package enum CIFAR100Labels: String, Codable, Hashable, Sendable, CaseIterable {
    /// 100 classes.
    case fine
    /// 20 classes of five fine ones each.
    case coarse
}
