import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Published sizes") struct NetworkCostTests {
    /// ImageNet-256 in latents.
    private let latents = ImageShape(channels: 4, height: 32, width: 32)

    private func cost(_ size: SiTSize, outputs: SiTShape.Outputs?, scalars: [EmbeddedScalar] = []) -> NetworkCost {
        let shape = SiTShape(extent: .named(size), times: .published, outputs: outputs)
        return NetworkCost(.sit(shape), image: latents, classes: 1000, scalars: scalars)
    }

    @Test("SiT-XL/2 has exactly as many parameters as is published")
    func extraLarge() {
        // 675,129,632 with the table of positions, 256 × 1152 of them.
        let cost = cost(SiTSize(.extraLarge, patch: 2), outputs: .velocityAndVariance)
        #expect(cost.parameters == 675_129_632)
        #expect(cost.learned == 675_129_632 - 256 * 1152)
    }

    @Test("its student has two embedders more, 678.4 million in all")
    func student() {
        let cost = cost(
            SiTSize(.extraLarge, patch: 2), outputs: .velocityAndVariance, scalars: [.duration, .guidance])
        // Each is 256 → 1152 → 1152 with biases.
        #expect(cost.parameters == 675_129_632 + 2 * (257 * 1152 + 1153 * 1152))
        #expect(cost.parameters == 678_378_272)
    }

    @Test("the other models have about as many as is published")
    func others() {
        // DiT, arXiv 2212.09748, table 4: 33, 130, 458 and 675 million.
        let counts = SiTSize.Model.allCases.map { model in
            cost(SiTSize(model, patch: 2), outputs: .velocityAndVariance).parameters / 1_000_000
        }
        #expect(counts == [32, 130, 458, 675])
    }

    @Test("a forward pass of XL/2 is 118.6 billion multiplications and as many additions, as is published")
    func operations() {
        let operations = cost(SiTSize(.extraLarge, patch: 2), outputs: .velocityAndVariance).operations
        // Published are 118.64 "Gflops" that count a multiplication and its addition as one.
        #expect(abs(operations / 2e9 - 118.64) < 0.1)
    }

    @Test("memory holds what is trained, and grows with the batch")
    func memory() {
        let shape = NetworkShape.sit(patch: 2, width: 8, depth: 2, heads: 2, times: .published(count: 3))
        let image = ImageShape(channels: 1, height: 4, width: 4)
        let cost = NetworkCost(shape, image: image, classes: 3)
        let few = cost.trainingBytes(batch: 2, on: onCPU { $0 }), many = cost.trainingBytes(batch: 64, on: onCPU { $0 })
        // Weights, two moments and the average at least.
        #expect(few > 4 * 4 * cost.learned)
        #expect(many > few + 62 * 4 * 16)
    }

    @Test("a name is a model and a patch, any patch", arguments: ["XL/2", "S/7", "B/16"])
    func names(name: String) {
        #expect(SiTSize(rawValue: name)?.rawValue == name)
    }

    @Test("what is no such name is none", arguments: ["XL", "XL/", "XL/0", "XL/-2", "xl/2", "M/2", "XL/02", "XL/2/2"])
    func noNames(name: String) {
        #expect(SiTSize(rawValue: name) == nil)
    }

    @Test("a variance that is not asked for leaves the velocity's channels as they are")
    func variance() {
        let image = ImageShape(channels: 2, height: 4, width: 4)
        let extent = SiTShape.Extent.free(patch: 2, width: 8, depth: 1, heads: 2)
        func network(_ outputs: SiTShape.Outputs?) -> SiT {
            SiT(
                SiTShape(extent: extent, times: .published(count: 2), outputs: outputs), image: image, classes: 0,
                key: RandomKey(seed: 1))
        }
        var narrow = network(.velocity), wide = network(.velocityAndVariance)
        wide.output.weight = .normal([8, 16], key: RandomKey(seed: 2))
        narrow.output.weight = wide.output.weight.slice(0..<8, axis: 1)
        let x = Tensor.normal([3, 32], key: RandomKey(seed: 3)), t = Tensor([0.1, 0.5, 1], shape: [3, 1])
        let found = wide(x, time: t, duration: nil, .none).evaluated()
        #expect(mismatch(found, narrow(x, time: t, duration: nil, .none).evaluated()) == nil)
        #expect(found.contains { abs($0) > 0.1 })
    }
}
