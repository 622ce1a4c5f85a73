/// Memory for vector code: 64-byte aligned, zeroed, and padded so that a load of 16 floats at the last element is inside.
package enum AlignedMemory {
    static let alignment = 64
    /// Floats of padding after every block: one vector of 16.
    static let padding = 16

    /// The number of floats that a block takes, including its padding, up to where the next may begin.
    package static func room(floats count: Int) -> Int { (count + padding + 15) / 16 * 16 }

    package static func allocate(floats count: Int) -> UnsafeMutablePointer<Float> {
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: (count + padding) * MemoryLayout<Float>.stride, alignment: alignment)
        let base = raw.bindMemory(to: Float.self, capacity: count + padding)
        base.initialize(repeating: 0, count: count + padding)
        return base
    }
}
