import CKernels
import Tensors

extension FusedKernel {
    /// Gathers the operations of a fused kernel on registers without number, then gives them real ones.
    struct Builder {
        struct Load {
            let view: View?
            let memory: Memory
            let register: Int
            /// True if the register holds one number per row, false if one per element.
            let isOfRows: Bool
            /// Floats from one batch tile to the next.
            let shift: Int
        }

        struct Operation {
            var code: Int32
            var inputs: [Int]
            let out: Int
            let isOfRows: Bool
        }

        struct Store {
            let view: View
            let address: UnsafeMutablePointer<Float>
            let register: Int
            /// True if the fused kernel also reads this memory.
            let isRead: Bool
            /// True if the memory's padding follows the last element.
            let endsItsMemory: Bool
            let isOfRows: Bool
            /// Floats from one batch tile to the next.
            let shift: Int
            /// For elements that are added up in memory: the number of elements in a block of sums, and floats from one block's
            /// sums to the next's.
            var gathered: (block: Int, blockShift: Int)?
        }

        /// Elements that the fused kernel goes over in a batch tile; what it loads and stores tells it too, unless that is numbers
        /// of rows alone.
        let elements: Int
        /// Elements in a row, where rows are reduced; else 0.
        var row = 0
        private(set) var loads: [Load] = []
        var operations: [Operation] = []
        private(set) var stores: [Store] = []
        private var spreads: [Int: Int] = [:]
        private(set) var registerCount = 0

        init(elements: Int) { self.elements = elements }

        /// A register with the elements of a view; the same for the same view.
        mutating func load(_ view: View, _ memory: Memory, isOfRows: Bool, shift: Int = 0) -> Int {
            if let known = loads.first(where: { $0.matches(view, memory, isOfRows: isOfRows) }) {
                return known.register
            }
            let isNumber = if case .number = memory { true } else { false }
            loads.append(
                Load(
                    view: isNumber ? nil : view, memory: memory, register: newRegister(), isOfRows: isOfRows,
                    shift: isNumber ? 0 : shift))
            return registerCount - 1
        }

        /// A register with the result of an operation.
        mutating func operate(_ code: Int32, _ inputs: [Int], isOfRows: Bool) -> Int {
            operations.append(Operation(code: code, inputs: inputs, out: newRegister(), isOfRows: isOfRows))
            return registerCount - 1
        }

        /// A register with each row's number in every element of the row; the same for the same numbers.
        mutating func spread(_ register: Int) -> Int {
            if let known = spreads[register] { return known }
            let result = operate(Code.spread, [register], isOfRows: false)
            spreads[register] = result
            return result
        }

        mutating func store(
            _ register: Int, to view: View, at address: UnsafeMutablePointer<Float>, isRead: Bool,
            endsItsMemory: Bool,
            isOfRows: Bool, shift: Int = 0
        ) {
            stores.append(
                Store(
                    view: view, address: address, register: register, isRead: isRead,
                    endsItsMemory: endsItsMemory,
                    isOfRows: isOfRows, shift: shift))
        }

        /// Adds all elements to the numbers that a view shows more than once, block by block.
        mutating func accumulate(
            _ register: Int, _ view: View, at address: UnsafeMutablePointer<Float>, block: Int, blockShift: Int,
            shift: Int
        ) {
            stores.append(
                Store(
                    view: view, address: address, register: register, isRead: false, endsItsMemory: false,
                    isOfRows: false, shift: shift, gathered: (block, blockShift)))
        }

        private mutating func newRegister() -> Int {
            registerCount += 1
            return registerCount - 1
        }

        /// The extents of the fused kernel and all accesses with as few axes as they allow; nil for numbers, and for rows' numbers,
        /// which lie in order.
        func layout() -> (extents: [Int], loads: [View?], stores: [View?]) {
            let views = loads.map { $0.isOfRows ? nil : $0.view } + stores.map { $0.isOfRows ? nil : $0.view }
            let ofElements = views.compactMap { $0?.withoutUnitAxes }
            // Rows' numbers alone, repeated along the rows and reduced again.
            if ofElements.isEmpty { return ([elements], loads.map { _ in nil }, stores.map { _ in nil }) }
            var simplified = View.jointlySimplified(ofElements)
            if simplified[0].extents.isEmpty {
                for index in simplified.indices { (simplified[index].extents, simplified[index].strides) = ([1], [1]) }
            }
            let extents = simplified[0].extents
            var rest = simplified[...]
            let aligned = views.map { $0 == nil ? nil : rest.removeFirst() }
            return (extents, Array(aligned[..<loads.count]), Array(aligned[loads.count...]))
        }

        /// A real register for each: one of their own for what meets memory, shared ones for what lies between.
        func assignRegisters() -> (of: [Int], count: Int) {
            var lastUse = Array(repeating: -1, count: registerCount)
            for (index, operation) in operations.enumerated() {
                for input in operation.inputs { lastUse[input] = index }
            }
            let owned = Set(loads.map(\.register) + stores.map(\.register))
            var assigned = Array(repeating: -1, count: registerCount)
            var count = 0
            for register in owned.sorted() {
                assigned[register] = count
                count += 1
            }
            var free: [Int] = []
            for (index, operation) in operations.enumerated() {
                let freed = Set(operation.inputs).filter { lastUse[$0] == index && !owned.contains($0) }.map {
                    assigned[$0]
                }.sorted()
                // Elementwise work may overwrite what it reads; work between elements and rows may not.
                let isInPlace = operation.code < Code.rowSum
                if isInPlace { free += freed }
                if !owned.contains(operation.out) {
                    if let reused = free.popLast() {
                        assigned[operation.out] = reused
                    } else {
                        assigned[operation.out] = count
                        count += 1
                    }
                }
                if !isInPlace { free += freed }
            }
            precondition(
                count <= Int(ABLATE_REGISTERS), "a kernel needs \(count) registers, \(ABLATE_REGISTERS) are there")
            return (assigned, count)
        }
    }
}

extension FusedKernel.Builder.Load {
    fileprivate func matches(_ view: View, _ memory: FusedKernel.Memory, isOfRows: Bool) -> Bool {
        switch (self.memory, memory) {
        case (.number(let a), .number(let b)): a == b
        case (.address, .address): self.view == view && self.isOfRows == isOfRows
        default: false
        }
    }
}

extension View {
    /// The view with axes of extent 1 left out.
    var withoutUnitAxes: View {
        var view = self
        let kept = extents.indices.filter { extents[$0] != 1 }
        view.extents = kept.map { extents[$0] }
        view.strides = kept.map { strides[$0] }
        return view
    }

    /// Returns whether the view shows all elements of a value of this shape, in order.
    func isWhole(of shape: Shape) -> Bool { offset == 0 && count == shape.count && isContiguous }
}
