import CKernels

/// Passes over bands: each lane does some of the bands, without meeting the others before all are done.
extension Division {
    /// A pass's bands, each lane's in memory of its own: so many at a time that they end with a block of sums of each chain.
    func divide(_ pass: Pass, _ memory: Pass.BandMemory) {
        let unit = pass.instructions.reduce(1) { unit, instruction in
            guard case .chain(let chain) = instruction else { return unit }
            // Sums of a band's own samples meet no other band's.
            let blocks = chain.pointee.sums.filter { $0.shift == 0 }.map { Int($0.block) }
            return blocks.reduce(unit) {
                leastCommonMultiple($0, leastCommonMultiple($1, chain.pointee.count) / chain.pointee.count)
            }
        }
        let parts = lanes.indices.map { part($0, of: pass.bands.count, inMultiplesOf: unit) }
        for lane in lanes.indices {
            let instructions = parts[lane].isEmpty ? [] : pass.instructions.map { inLane(lane, $0, memory) }
            lanes[lane].append(Pass(instructions, bands: parts[lane]))
        }
    }

    /// An instruction with a lane's own memory.
    private func inLane(_ lane: Int, _ instruction: Instruction, _ memory: Pass.BandMemory)
        -> Instruction
    {
        switch instruction {
        case .chain(let chain): return .chain(UnsafePointer(copy(chain.pointee, lane, memory)))
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
        _ chain: ablate_fused, _ lane: Int, _ memory: Pass.BandMemory
    ) -> UnsafeMutablePointer<ablate_fused> {
        let result = copy(chain, chain.first..<chain.count, lane)
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
