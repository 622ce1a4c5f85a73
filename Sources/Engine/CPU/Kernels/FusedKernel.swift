import CKernels
import Tensors

/// A fused kernel of elementwise operations in the form that the kernels run; its registers are in memory that it is lent.
final class FusedKernel {
    let content: UnsafeMutablePointer<ablate_fused>

    enum Memory {
        case number(Float)
        case address(UnsafeMutablePointer<Float>)
    }

    /// Floats of registers that stay in a first-level cache of 32 KiB, beside what passes through it. All of it instead makes a
    /// perceptron's step up to 4 % longer.
    private static let cacheFloats = 4096
    private static let longestTile = 1024, shortestTile = 64

    init(_ builder: Builder) {
        var builder = builder
        builder.contractOperations()
        let layout = builder.layout()
        let registers = builder.assignRegisters()
        let room = max(Self.shortestTile, min(Self.longestTile, Self.cacheFloats / max(1, registers.count)))
        let tile = Self.tile(room: room, row: builder.row, extents: layout.extents)
        let repeats = layout.extents.count > 1 && tile % layout.extents[layout.extents.count - 1] == 0

        content = .allocate(capacity: 1)
        var kernel = ablate_fused()
        kernel.count = layout.extents.reduce(1, *)
        kernel.tile = tile
        kernel.row = builder.row
        kernel.rank = Int32(layout.extents.count)
        withUnsafeMutablePointer(to: &kernel.extent) { Self.fill($0, layout.extents) }
        kernel.register_count = Int32(registers.count)
        kernel.operation_count = Int32(builder.operations.count)
        kernel.operations = Self.pointer(
            to: builder.operations.map { operation in
                let inputs = operation.inputs.map { UInt8(registers.of[$0]) }
                return ablate_operation(
                    code: UInt8(operation.code), out: UInt8(registers.of[operation.out]), a: inputs[0],
                    b: inputs.count > 1 ? inputs[1] : inputs[0], c: inputs.count > 2 ? inputs[2] : inputs[0],
                    of_rows: operation.isOfRows ? 1 : 0)
            })
        kernel.load_count = Int32(builder.loads.count)
        kernel.loads = Self.pointer(
            to: zip(builder.loads, layout.loads).map { load, view in
                Self.access(of: load, view, UInt8(registers.of[load.register]), repeats: repeats)
            })
        kernel.store_count = Int32(builder.stores.count)
        kernel.stores = Self.pointer(
            to: zip(builder.stores, layout.stores).map { store, view in
                Self.access(of: store, view, UInt8(registers.of[store.register]))
            })
        content.initialize(to: kernel)
    }

    deinit {
        content.pointee.operations.deallocate()
        content.pointee.loads.deallocate()
        content.pointee.stores.deallocate()
        content.deallocate()
    }

    /// As many whole rows as fit, if possible in a multiple of 16 elements; where nothing is said of rows, those of the last axis,
    /// so that a vector along them is the same in every tile; else just a multiple of 16.
    private static func tile(room: Int, row: Int, extents: [Int]) -> Int {
        let inner = row > 0 ? row : extents[extents.count - 1]
        if row > 0 || extents.count > 1 {
            let rows = 1...max(1, room / inner)
            if let count = rows.last(where: { inner * $0 % 16 == 0 && inner * $0 <= room }) { return inner * count }
            if row > 0 { return inner * rows.upperBound }
        }
        return room / 16 * 16
    }

    private static func access(of load: Builder.Load, _ view: View?, _ register: UInt8, repeats: Bool) -> ablate_access
    {
        var access = ablate_access()
        access.reg = register
        access.of_rows = load.isOfRows ? 1 : 0
        switch load.memory {
        case .number(let number):
            access.kind = ABLATE_NUMBER
            access.number = number
        case .address(let address):
            access.base = address + load.view!.offset
            access.shift = load.shift
            access.kind = ABLATE_DIRECT
            guard let view else { return access }
            let isSameInAll = view.strides.dropLast(repeats ? 1 : 0).allSatisfy { $0 == 0 }
            access.kind = view.isContiguous ? ABLATE_DIRECT : isSameInAll ? ABLATE_REPEATED : ABLATE_STRIDED
            withUnsafeMutablePointer(to: &access.stride) { fill($0, view.strides) }
        }
        return access
    }

    private static func access(of store: Builder.Store, _ view: View?, _ register: UInt8) -> ablate_access {
        var access = ablate_access()
        access.reg = register
        access.of_rows = store.isOfRows ? 1 : 0
        access.base = store.address + store.view.offset
        access.shift = store.shift
        // A register that is memory itself is written in whole vectors, past the end of what is no multiple of 16.
        let mayOverrun = store.endsItsMemory || store.view.count % 16 == 0
        let ordered = store.isRead || !mayOverrun ? ABLATE_COPIED : ABLATE_DIRECT
        if let gathered = store.gathered {
            access.kind = ABLATE_GATHERED
            (access.block, access.block_shift) = (gathered.block, gathered.blockShift)
        } else {
            access.kind = view.map { $0.isContiguous } ?? true ? ordered : ABLATE_STRIDED
        }
        if let view { withUnsafeMutablePointer(to: &access.stride) { fill($0, view.strides) } }
        return access
    }

    private static func fill<Tuple>(_ tuple: UnsafeMutablePointer<Tuple>, _ values: [Int]) {
        precondition(values.count <= Int(ABLATE_RANK), "a kernel has at most \(ABLATE_RANK) axes that do not join")
        UnsafeMutableRawPointer(tuple).withMemoryRebound(to: Int.self, capacity: Int(ABLATE_RANK)) { target in
            for (index, value) in values.enumerated() { target[index] = value }
        }
    }

    private static func pointer<Element>(to elements: [Element]) -> UnsafePointer<Element> {
        let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        pointer.initialize(from: elements, count: elements.count)
        return UnsafePointer(pointer)
    }
}

extension ablate_fused {
    /// Floats that its registers take.
    var scratchFloats: Int { Int(register_count) * AlignedMemory.room(floats: tile) }
}
