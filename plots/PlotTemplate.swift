/// The templates of figures in this folder, which are built into the program: it needs no files beside it.
public enum PlotTemplate: String, CaseIterable, Sendable {
    /// What the others share: colours, dashes, points, axes.
    case style
    /// Lines with bands, along an axis or over training.
    case lines
    /// A bar an arm with a point a seed.
    case bars
    /// Quality against cost.
    case scatter
    /// A coloured cell for each pair of values.
    case heat
    /// Densities of points in the plane.
    case plane
    /// Ways from noise to data in the plane.
    case trajectories
    /// Rows of images.
    case samples

    /// Commands of gnuplot; the file says which data it draws.
    public var text: String {
        let bytes =
            switch self {
            case .style: PackageResources.style_gp
            case .lines: PackageResources.lines_gp
            case .bars: PackageResources.bars_gp
            case .scatter: PackageResources.scatter_gp
            case .heat: PackageResources.heat_gp
            case .plane: PackageResources.plane_gp
            case .trajectories: PackageResources.trajectories_gp
            case .samples: PackageResources.samples_gp
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}
