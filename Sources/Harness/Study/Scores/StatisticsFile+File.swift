import FlowMaps
import Foundation
import Specification
import Storage

extension StatisticsFile {
    /// The same with the content of its file.
    /// - Throws: `InputError` where it cannot be read, `Violation` for one of another form or content.
    func resolved() throws -> StatisticsFile {
        if let fault = RegularFile.fault(of: file.text) {
            throw InputError(path: file.text, attempt: "read the statistics", reason: fault)
        }
        guard let found = FileHash.identity(file.text)?.hex else {
            throw InputError(path: file.text, attempt: "read the statistics", reason: "it changed while it was read")
        }
        if let hash, hash != found {
            throw Violation(key: "hash", found: "\(file.text), whose hash is \(found)", allowed: "the file of \(hash)")
        }
        return StatisticsFile(file: file, name: name, hash: found, dimension: try Self.moments(in: file.text).dimension)
    }

    /// The moments in the file.
    /// - Throws: `Violation` where the file is not the one that the study was read with.
    package func moments() throws -> GaussianMoments {
        guard FileHash.identity(file.text)?.hex == hash else {
            throw Violation(
                key: "statistics", found: "\(file.text), which has changed",
                allowed: "the file that the study was read with")
        }
        return try Self.moments(in: file.text)
    }

    /// Reads the mean and the covariance of a `.npz` file.
    /// - Throws: `Violation` with what was found instead.
    package static func moments(in path: String) throws -> GaussianMoments {
        func refusal(_ found: String, _ allowed: String) -> Violation {
            Violation(key: nil, found: "\(path): \(found)", allowed: allowed)
        }
        let mean: StoredArray, covariance: StoredArray
        do {
            let file = try ArrayFile(path)
            (mean, covariance) = (try file.array(meanName), try file.array(covarianceName))
        } catch let error as ArrayError {
            throw refusal(error.found, "an .npz file of the arrays \(meanName) and \(covarianceName)")
        }
        let dimension = mean.count
        guard mean.shape == [dimension], dimension > 0, covariance.shape == [dimension, dimension],
            mean.element.isFloat, covariance.element.isFloat
        else {
            throw refusal(
                "\(meanName) of shape \(mean.shape) and \(covarianceName) of shape \(covariance.shape)",
                "floats of shapes [d] and [d, d]")
        }
        let values = (try mean.doubles(0..<dimension), try covariance.doubles(0..<dimension))
        guard (values.0 + values.1).allSatisfy(\.isFinite) else {
            throw refusal("a number that is not finite", "finite numbers")
        }
        let moments = GaussianMoments(mean: values.0, covariance: values.1)
        guard moments.isNearlySymmetric else {
            throw refusal("\(covarianceName) that is not symmetric", "a covariance")
        }
        return moments
    }

    /// Writes moments as the field's programs do.
    /// - Throws: `FileError`.
    package static func write(_ moments: GaussianMoments, to path: String, overwriting: Bool) throws {
        let output = try OutputFile(path, attempt: "write the statistics", overwriting: overwriting)
        let size = moments.dimension
        let files = [
            (name: "\(meanName).npy", bytes: NumPyArray.file(moments.mean, shape: [size])),
            (name: "\(covarianceName).npy", bytes: NumPyArray.file(moments.covariance, shape: [size, size])),
        ]
        guard let archive = ZipArchive.stored(files) else {
            throw FileError(
                path: path, attempt: "write the statistics",
                reason: "\(size) × \(size) numbers are more than the format holds")
        }
        try output.write(archive)
    }

    private static let meanName = "mu", covarianceName = "sigma"
}

extension GaussianMoments {
    /// Entries across the diagonal agree to what a sum in single precision leaves: 1e-4 of the largest variance.
    fileprivate var isNearlySymmetric: Bool {
        let size = dimension
        let largest = (0..<size).reduce(0.0) { max($0, covariance[$1 * size + $1].magnitude) }
        for row in 0..<size {
            for column in 0..<row
            where (covariance[row * size + column] - covariance[column * size + row]).magnitude > 1e-4 * largest {
                return false
            }
        }
        return true
    }
}
