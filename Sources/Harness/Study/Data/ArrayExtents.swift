import FlowMaps

/// The meaning of the axes of an array of data.
struct ArrayExtents {
    let count: Int
    let image: ImageShape
    let isChannelsLast: Bool

    /// Numbers of channels that images have: grey, colour, colour with alpha or the latents of the usual encoders.
    private static let usualChannels = [1, 3, 4]

    /// - Throws: `DataError` for a shape that is none of a data set, and for one that has two readings where none is said.
    init(_ shape: [Int], _ layout: ArrayLayout?, _ place: DataPlace) throws {
        guard shape.allSatisfy({ $0 > 0 }) else {
            throw place.error("an array \(shape)", allowed: "at least one sample of at least one number")
        }
        switch shape.count {
        case 4: (count, image, isChannelsLast) = try Self.images(shape, layout, place)
        case 3:
            (count, isChannelsLast) = (shape[0], false)
            image = ImageShape(channels: 1, height: shape[1], width: shape[2])
        case 2 where shape[1] == 2:
            (count, image, isChannelsLast) = (shape[0], ImageShape(channels: 1, height: 1, width: 2), false)
        default:
            throw place.error(
                "an array \(shape)",
                allowed: "images [count, channels, height, width] or [count, height, width, channels] as layout says, "
                    + "grey images [count, height, width], or points [count, 2]")
        }
        guard layout == nil || shape.count == 4 else {
            throw DataPlace(key: place.key.replacing("file", with: "layout"), path: place.path).error(
                "a layout of an array \(shape)", allowed: "none, as only arrays of four axes have one")
        }
    }

    private static func images(
        _ shape: [Int], _ layout: ArrayLayout?, _ place: DataPlace
    ) throws -> (Int, ImageShape, Bool) {
        let first = ImageShape(channels: shape[1], height: shape[2], width: shape[3])
        let last = ImageShape(channels: shape[3], height: shape[1], width: shape[2])
        if layout == nil, usualChannels.contains(shape[3]), !usualChannels.contains(shape[1]), first != last {
            throw place.error(
                "an array \(shape), whose layout is not said",
                allowed: "layout: nhwc for images of \(last.channels) channels, \(last.height) × \(last.width), or "
                    + "layout: nchw for \(first.channels) channels, \(first.height) × \(first.width)")
        }
        return layout == .nhwc ? (shape[0], last, true) : (shape[0], first, false)
    }
}
