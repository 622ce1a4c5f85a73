import COpenBLAS

/// The mean `[dimension]` and the covariance `[dimension × dimension]` of samples `[count × dimension]`, row-major.
///
/// The covariance divides by count - 1 and is symmetric in every bit. Sums run in double precision; a number that is
/// not finite spreads to the results. At least two samples.
package func meanAndCovariance(of samples: [Float], dimension: Int) -> (mean: [Double], covariance: [Double]) {
    let count = sampleCount(samples, dimension: dimension)
    OpenBLAS.useOneThread()
    precondition(count >= 2, "the covariance of \(count) samples of dimension \(dimension): at least two are needed")
    var mean = [Double](repeating: 0, count: dimension)
    var centred = samples.map(Double.init)
    mean.withUnsafeMutableBufferPointer { mean in
        centred.withUnsafeMutableBufferPointer { centred in
            for row in 0..<count {
                for column in 0..<dimension { mean[column] += centred[row * dimension + column] }
            }
            for column in 0..<dimension { mean[column] /= Double(count) }
            for row in 0..<count {
                for column in 0..<dimension { centred[row * dimension + column] -= mean[column] }
            }
        }
    }
    var covariance = [Double](repeating: 0, count: dimension * dimension)
    let order = Int32(dimension)
    cblas_dsyrk(
        CblasRowMajor, CblasLower, CblasTrans, order, Int32(count), 1 / Double(count - 1), centred, order, 0,
        &covariance, order)
    for row in 0..<dimension {
        for column in 0..<row { covariance[column * dimension + row] = covariance[row * dimension + column] }
    }
    return (mean, covariance)
}

/// The projections of samples `[count × dimension]` on directions `[directionCount × dimension]`, row-major:
/// `[directionCount × count]`, in double precision.
package func projections(of samples: [Float], on directions: [Double], dimension: Int) -> [Double] {
    let count = sampleCount(samples, dimension: dimension)
    precondition(
        directions.count.isMultiple(of: dimension),
        "directions of dimension \(dimension), given \(directions.count) numbers")
    OpenBLAS.useOneThread()
    let directionCount = directions.count / dimension
    var result = [Double](repeating: 0, count: directionCount * count)
    let points = samples.map(Double.init)
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(directionCount), Int32(count), Int32(dimension), 1, directions,
        Int32(dimension), points, Int32(dimension), 0, &result, Int32(count))
    return result
}

/// The number of rows of row-major samples.
private func sampleCount(_ samples: [Float], dimension: Int) -> Int {
    precondition(
        dimension > 0 && samples.count.isMultiple(of: dimension),
        "samples of dimension \(dimension), given \(samples.count) numbers")
    return samples.count / dimension
}
