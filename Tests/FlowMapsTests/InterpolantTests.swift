import Tensors
import FlowMaps
import TestSupport
import Testing

@Suite("The direction of time") struct InterpolantTests {
    /// Float64 rounding through a handful of operations.
    private let rounding = 1e-14

    private let data = Tensor([1, -2, 3, 0.5], shape: [2, 2])
    private let noise = Tensor([-1, 0.25, 2, 4], shape: [2, 2])

    @Test("time 0 is data and time 1 is noise, exactly")
    func ends() {
        #expect(
            mismatch(Interpolant.state(data: data, noise: noise, at: .zeros([2, 1])).evaluated(), data.evaluated())
                == nil)
        #expect(
            mismatch(Interpolant.state(data: data, noise: noise, at: .ones([2, 1])).evaluated(), noise.evaluated())
                == nil)
        #expect(Interpolant.dataTime == 0 && Interpolant.noiseTime == 1)
    }

    @Test("the velocity of a path is its derivative by time, and leads back to its data")
    func velocity() {
        let t = Tensor([0.25, 0.75], shape: [2, 1])
        let path = jvp(
            { Interpolant.state(data: data, noise: noise, at: $0) }, at: t, along: .ones([2, 1]))
        let velocity = Interpolant.velocity(data: data, noise: noise)
        #expect(mismatch(path.tangent.evaluated(), velocity.evaluated(), within: rounding) == nil)
        let back = Interpolant.data(from: path.value, velocity: velocity, at: t)
        #expect(mismatch(back.evaluated(), data.evaluated(), within: rounding) == nil)
    }

    @Test("a map's one-step sample starts at noise and ends at data")
    func sample() {
        let flow = GaussianFlow(mean: [2, -1], deviation: [0.5, 1.5])
        let expected = flow.state(noise, from: .ones([2, 1]), to: .zeros([2, 1]))
        #expect(mismatch(flow.sample(noise, given: .none).evaluated(), expected.evaluated(), within: rounding) == nil)
    }

    @Test("a map from a time to itself leaves every state where it is, and its mean velocity there is the velocity")
    func identity() {
        let flow = GaussianFlow(mean: [2, -1], deviation: [0.5, 1.5])
        let t = Tensor([0.25, 1], shape: [2, 1])
        #expect(mismatch(flow(noise, from: t, to: t, given: .none).evaluated(), noise.evaluated()) == nil)
        let still = flow.averageVelocity(noise, from: t, to: t, given: .none).evaluated()
        #expect(mismatch(still, flow(noise, at: t, given: .none).evaluated(), within: rounding) == nil)
    }
}
