import CKernels

extension FusedChain {
    /// Gathers the operations of a chain on registers without number, then gives them real ones.
    struct Builder {
        struct Load {
            let view: View?
            let memory: Memory
            let register: Int
        }

        struct Operation {
            let code: Int32
            let inputs: [Int]
            let out: Int
        }

        struct Store {
            let view: View
            let address: UnsafeMutablePointer<Float>
            let register: Int
            /// Whether the chain also reads this memory.
            let isRead: Bool
            /// Whether the memory's padding follows the last element.
            let endsItsMemory: Bool
        }

        private(set) var loads: [Load] = []
        private(set) var operations: [Operation] = []
        private(set) var stores: [Store] = []
        private var registerCount = 0

        /// A register with the elements of a view; the same for the same view.
        mutating func load(_ view: View, _ memory: Memory) -> Int {
            if let known = loads.first(where: { $0.matches(view, memory) }) { return known.register }
            let isNumber = if case .number = memory { true } else { false }
            loads.append(Load(view: isNumber ? nil : view, memory: memory, register: newRegister()))
            return registerCount - 1
        }

        /// A register with the result of an operation.
        mutating func operate(_ code: Int32, _ inputs: [Int]) -> Int {
            operations.append(Operation(code: code, inputs: inputs, out: newRegister()))
            return registerCount - 1
        }

        mutating func store(
            _ register: Int, to view: View, at address: UnsafeMutablePointer<Float>, isRead: Bool, endsItsMemory: Bool
        ) {
            stores.append(
                Store(view: view, address: address, register: register, isRead: isRead, endsItsMemory: endsItsMemory))
        }

        private mutating func newRegister() -> Int {
            registerCount += 1
            return registerCount - 1
        }

        /// The extents of the chain and all accesses with as few axes as they allow.
        func layout() -> (extents: [Int], loads: [View?], stores: [View]) {
            let views = loads.compactMap(\.view) + stores.map(\.view)
            var simplified = View.jointlySimplified(views.map(\.withoutUnitAxes))
            if simplified[0].extents.isEmpty {
                for index in simplified.indices { (simplified[index].extents, simplified[index].strides) = ([1], [1]) }
            }
            var rest = simplified[...]
            let loadViews = loads.map { $0.view == nil ? nil : rest.removeFirst() }
            return (simplified[0].extents, loadViews, Array(rest))
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
                for input in Set(operation.inputs).sorted() where lastUse[input] == index && !owned.contains(input) {
                    free.append(assigned[input])
                }
                guard !owned.contains(operation.out) else { continue }
                if let reused = free.popLast() {
                    assigned[operation.out] = reused
                } else {
                    assigned[operation.out] = count
                    count += 1
                }
            }
            precondition(
                count <= Int(ABLATE_REGISTERS), "a chain needs \(count) registers, \(ABLATE_REGISTERS) are there")
            return (assigned, count)
        }
    }
}

extension FusedChain.Builder.Load {
    fileprivate func matches(_ view: View, _ memory: FusedChain.Memory) -> Bool {
        switch (self.memory, memory) {
        case (.number(let a), .number(let b)): a == b
        case (.address, .address): self.view == view
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

    /// Whether the view shows all elements of a value of some shape, in order.
    func isWhole(of shape: Shape) -> Bool { offset == 0 && count == shape.count && isContiguous }
}
