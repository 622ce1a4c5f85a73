import Tensors

/// Instructions that are carried out one after the other, for one batch tile of the batch after the other.
struct Pass {
    let instructions: [Instruction]
    let batchTiles: Range<Int>
    /// Memory of values that live in a batch tile, a block for each thread.
    var memory: TileMemory?

    struct TileMemory {
        let base: UnsafeMutablePointer<Float>
        /// The number of floats for one thread.
        let floats: Int

        /// The address in a thread's own memory that corresponds to one in the first thread's memory; other addresses are returned
        /// unchanged.
        func address<Pointer: Strideable>(of pointer: Pointer, thread: Int) -> Pointer
        where Pointer.Stride == Int {
            let isInside = UnsafeRawPointer(base).distance(
                to: unsafeBitCast(pointer, to: UnsafeRawPointer.self))
            let range = 0..<(floats * MemoryLayout<Float>.stride)
            return range.contains(isInside) ? pointer.advanced(by: thread * floats) : pointer
        }
    }

    init(_ instructions: [Instruction], batchTiles: Range<Int> = 0..<1, memory: TileMemory? = nil) {
        (self.instructions, self.batchTiles, self.memory) = (instructions, batchTiles, memory)
    }

    @inline(__always)
    func run() {
        for batchTile in batchTiles {
            for instruction in instructions { instruction.run(batchTile: batchTile) }
        }
    }
}

extension [Pass] {
    /// Floats of the registers of the fused kernel with the most.
    var registerFloats: Int {
        let kernels = flatMap(\.instructions).map {
            if case .fused(let kernel) = $0 { kernel.pointee.scratchFloats } else { 0 }
        }
        return kernels.max() ?? 0
    }
}
