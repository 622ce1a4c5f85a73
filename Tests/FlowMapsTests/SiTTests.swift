import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("A transformer over patches") struct SiTTests {
    /// float32 against float64 through two blocks of a few hundred roundings each.
    static let singlePrecision = 1e-5
    /// Central differences at 1e-5 in float64: truncation h² and rounding over h are both below 1e-8 for these functions.
    static let differences = 1e-6
    /// float64 through a few hundred roundings.
    static let doublePrecision = 1e-11

    static let image = ImageShape(channels: 2, height: 4, width: 6)
    static let frequencies = Frequencies(count: 3, lowest: 0.5, highest: 4)

    /// A tiny network with a duration embedder, none of whose weights are zero.
    private func network() -> Network {
        let shape = NetworkShape.sit(patch: 2, width: 8, depth: 2, heads: 2, times: Self.frequencies)
        let start = shape.build(dimension: 48, image: Self.image, classes: 3, key: RandomKey(seed: 1))
            .withDuration(key: RandomKey(seed: 2))
        let live = start.parameters.enumerated().map { index, parameter in
            parameter + 0.3 * .normal(parameter.shape, key: RandomKey(seed: 3).folding(index))
        }
        return start.replacingParameters(
            zip(start.parameters, Tensor.materialized(live)).map { Tensor($1, shape: $0.shape) })
    }

    private let rows = 3
    private var samples: Tensor { .normal([rows, 48], key: RandomKey(seed: 4)) }
    private var times: Tensor { Tensor([0.2, 0.9, 0.5], shape: [rows, 1]) }
    private var durations: Tensor { Tensor([0.1, 0.7, 0.4], shape: [rows, 1]) }
    private var condition: Condition { Condition(labels: Tensor([2, 0, 3], shape: [rows])) }

    private func expectCompiledValue(of program: Program) {
        let expected = program.evaluate(), found = onCPU { try $0.evaluate(program) }
        for (found, expected) in zip(found, expected) {
            #expect(mismatch(found.doubles, expected, within: Self.singlePrecision) == nil)
        }
    }

    @Test("Its compiled value is the float64 value")
    func forward() {
        let network = network()
        expectCompiledValue(of: Program { _ in [network(samples, time: times, duration: durations, condition)] })
    }

    @Test("Its compiled tangent and gradient are those in float64")
    func compiledDerivatives() {
        let network = network()
        expectCompiledValue(
            of: Program { _ in
                let result = valueAndGradient(at: network) { network in
                    let (value, slope) = jvp(
                        { network(samples, time: times, duration: $0, condition) }, at: durations,
                        along: .ones([rows, 1]))
                    return (square(value).mean() + (value * stopGradient(slope)).mean(), slope)
                }
                return [result.loss, result.extra] + result.gradient.parameters
            })
    }

    @Test("Its tangent along the duration is the central difference")
    func tangent() {
        let network = network()
        func value(_ shift: Double) -> [Double] {
            network(samples, time: times, duration: durations + shift, condition).evaluated()
        }
        let slope = jvp(
            { network(samples, time: times, duration: $0, condition) }, at: durations, along: .ones([rows, 1])
        ).tangent
        let h = 1e-5
        let difference = zip(value(h), value(-h)).map { ($0 - $1) / (2 * h) }
        #expect(mismatch(slope.evaluated(), difference, within: Self.differences) == nil)
    }

    @Test("Its gradient along a direction is the tangent along it")
    func gradient() {
        let network = network()
        let direction = network.parameters.enumerated().map { index, parameter in
            Tensor.normal(parameter.shape, key: RandomKey(seed: 9).folding(index))
        }
        func loss(_ parameters: [Tensor]) -> Tensor {
            square(network.replacingParameters(parameters)(samples, time: times, duration: durations, condition)).mean()
        }
        let forward = jvp({ [loss($0)] }, at: network.parameters, along: direction).tangents[0].evaluated()
        let gradient = valueAndGradient(of: loss, at: network.parameters).gradient
        let backward = zip(gradient, direction).map { ($0 * $1).sum() }.reduce(Tensor(0), +).evaluated()
        #expect(mismatch(backward, forward, within: Self.doublePrecision) == nil)
    }

    @Test("Its parameters are as many as the formula says")
    func parameterCount() {
        let (patch, width, depth, classes) = (2, 8, 2, 3)
        let pixels = patch * patch * Self.image.channels, features = 2 * Self.frequencies.count
        func linear(_ inputs: Int, _ outputs: Int) -> Int { (inputs + 1) * outputs }
        let block =
            linear(width, 6 * width) + linear(width, 3 * width) + linear(width, width)
            + linear(width, 4 * width) + linear(4 * width, width)
        let embedder = linear(features, width) + linear(width, width)
        let ends = linear(pixels, width) + linear(width, 2 * width) + linear(width, pixels)
        #expect(network().parameterCount == ends + 2 * embedder + (classes + 1) * width + depth * block)
    }

    @Test("A new one is zero everywhere")
    func startsAtZero() {
        let shape = NetworkShape.sit(patch: 2, width: 8, depth: 1, heads: 2, times: Self.frequencies)
        let network = shape.build(dimension: 48, image: Self.image, classes: 3, key: RandomKey(seed: 1))
        let values = network(samples, time: times, duration: nil, condition).evaluated()
        #expect(values.allSatisfy { $0 == 0 })
    }

    @Test("Tokens are patches row by row, channel by channel within, and go back where they came from")
    func tokenOrder() {
        let patches = Patches(Self.image, side: 2)
        #expect(patches.count == 6 && patches.dimension == 8)
        let pixels = Tensor((0..<48).map(Float.init), shape: [1, 48])
        let tokens = patches.tokens(of: pixels)
        // The patch in the second row and third column, 4 pixels of each channel of 24.
        #expect(tokens.slice(5..<6, axis: 1).evaluated() == [16, 17, 22, 23, 40, 41, 46, 47])
        #expect(mismatch(patches.samples(of: tokens).evaluated(), pixels.evaluated()) == nil)
    }

    @Test("Positions differ between all tokens and are cosines of 0 at the first")
    func positions() {
        let values = Patches(Self.image, side: 2).positions(width: 8).evaluated()
        let rows = (0..<6).map { Array(values[(8 * $0)..<(8 * $0 + 8)]) }
        #expect(Set(rows).count == 6)
        #expect(rows[0] == [0, 0, 1, 1, 0, 0, 1, 1])
        // Token 4 is in column 1 and row 1.
        #expect(
            abs(rows[4][0] - 0.8414709848) < Self.singlePrecision
                && abs(rows[4][4] - 0.8414709848) < Self.singlePrecision)
    }

    @Test("Settings that do not fit are refused")
    func refusals() throws {
        func refusal(_ body: () throws -> Void) -> String {
            do { try body() } catch { return "\(error)" }
            return "accepted"
        }
        func shape(patch: Int = 2, width: Int = 8, heads: Int = 2) -> NetworkShape {
            .sit(patch: patch, width: width, depth: 1, heads: heads, times: Self.frequencies)
        }
        try shape().validate()
        try shape().validate(for: Self.image)
        #expect(
            refusal { try shape(width: 12, heads: 5).validate() }
                == "sit.width: found 12, allowed: a positive multiple of 4 and of the 5 heads")
        #expect(refusal { try shape(heads: 0).validate() } == "sit.heads: found 0, allowed: at least 1")
        #expect(refusal { try shape().validate(for: nil) } == "sit: found samples that are no images, allowed: images")
        #expect(
            refusal { try shape(patch: 3).validate(for: Self.image) }
                == "sit.patch: found 3, allowed: a divisor of the image's sides, 4 and 6")
    }
}
