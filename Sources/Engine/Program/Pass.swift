/// Instructions that are carried out one after the other, for one band of the batch after the other.
struct Pass {
    let instructions: [Instruction]
    let bands: Range<Int>
    /// Memory of values that live in a band, a block for each lane.
    var memory: BandMemory?

    struct BandMemory {
        let base: UnsafeMutablePointer<Float>
        /// Of one lane.
        let floats: Int

        /// Where a lane has what the first has at an address.
        func address<Pointer: Strideable>(of pointer: Pointer, lane: Int) -> Pointer
        where Pointer.Stride == Int {
            let isInside = UnsafeRawPointer(base).distance(
                to: unsafeBitCast(pointer, to: UnsafeRawPointer.self))
            let range = 0..<(floats * MemoryLayout<Float>.stride)
            return range.contains(isInside) ? pointer.advanced(by: lane * floats) : pointer
        }
    }

    init(_ instructions: [Instruction], bands: Range<Int> = 0..<1, memory: BandMemory? = nil) {
        (self.instructions, self.bands, self.memory) = (instructions, bands, memory)
    }

    @inline(__always)
    func run() {
        for band in bands {
            for instruction in instructions { instruction.run(band: band) }
        }
    }
}

extension [Pass] {
    /// Floats of the registers of the chain with the most.
    var registerFloats: Int {
        let chains = flatMap(\.instructions).map {
            if case .chain(let chain) = $0 { chain.pointee.scratchFloats } else { 0 }
        }
        return chains.max() ?? 0
    }
}
