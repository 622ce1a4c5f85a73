import CKernels

/// Passes over bands: each lane does some of the bands, without meeting the others before all are done.
extension Division {
    /// A pass's bands, each lane's in memory of its own.
    func divide(_ pass: Pass, _ memory: Pass.BandMemory) {
        let parts = lanes.indices.map { part($0, of: pass.bands.count) }
        var sums: [(ablate_fused, [UnsafeMutablePointer<ablate_fused>?])] = []
        var instructions = lanes.map { _ in [Instruction]() }
        for instruction in pass.instructions {
            if case .chain(let chain) = instruction {
                let copies = parts.enumerated().map {
                    $1.isEmpty ? nil : copy(chain.pointee, $0, firstBand: $1.lowerBound, memory)
                }
                for (lane, copy) in copies.enumerated() {
                    if let copy { instructions[lane].append(.chain(UnsafePointer(copy))) }
                }
                sums.append((chain.pointee, copies))
                continue
            }
            for lane in lanes.indices { instructions[lane].append(inLane(lane, instruction, memory)) }
        }
        for lane in lanes.indices { lanes[lane].append(Pass(instructions[lane], bands: parts[lane])) }
        for (chain, copies) in sums { appendSums(of: chain, copies) }
    }

    /// What a pass holds beside chains, with a lane's own memory.
    private func inLane(_ lane: Int, _ instruction: Instruction, _ memory: Pass.BandMemory)
        -> Instruction
    {
        switch instruction {
        case .product(let product): return .product(product.inLane(lane, memory))
        case .attention(let attention):
            var copy = attention.pointee
            copy.mixed = memory.address(of: copy.mixed!, lane: lane)
            copy.other = copy.other.map { memory.address(of: $0, lane: lane) }
            copy.out = memory.address(of: copy.out!, lane: lane)
            copy.scratch = allocate(floats: ablate_attention_scratch(copy.tokens, copy.size))
            attentions.append(.allocate(capacity: 1))
            attentions.last!.initialize(to: copy)
            return .attention(UnsafePointer(attentions.last!))
        default: preconditionFailure("\(instruction.name) is done in no bands")
        }
    }

    /// The chain of a lane's bands, on registers and in memory of the lane's own.
    private func copy(
        _ chain: ablate_fused, _ lane: Int, firstBand: Int, _ memory: Pass.BandMemory
    ) -> UnsafeMutablePointer<ablate_fused> {
        let result = copy(chain, chain.first..<chain.count, lane, isFirst: firstBand == 0)
        result.pointee.first_band = firstBand
        let stores = UnsafeMutablePointer(mutating: result.pointee.stores!)
        for index in 0..<Int(chain.store_count) where stores[index].kind != ABLATE_GATHERED {
            stores[index].base = memory.address(of: stores[index].base!, lane: lane)
        }
        let loads = UnsafeMutablePointer<ablate_access>.allocate(
            capacity: max(1, Int(chain.load_count)))
        loads.initialize(from: chain.loads, count: Int(chain.load_count))
        accesses.append(loads)
        for index in 0..<Int(chain.load_count) where loads[index].kind != ABLATE_NUMBER {
            loads[index].base = memory.address(of: loads[index].base!, lane: lane)
        }
        result.pointee.loads = UnsafePointer(loads)
        return result
    }
}
