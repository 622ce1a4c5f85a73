import CPJRT
import Tensors

/// A device and the client that it belongs to: where buffers are made.
struct XLADevice: Sendable {
    let client: PJRTClient
    let device: PJRTDevice

    /// float32 numbers, copied.
    func buffer(_ numbers: UnsafeBufferPointer<Float>, _ shape: Shape) throws -> PJRTBuffer {
        try PJRTBuffer(numbers, ABLATE_PJRT_FLOAT32, dimensions: shape.dimensions, client, device)
    }

    func zeros(_ shape: Shape) throws -> PJRTBuffer {
        try [Float](repeating: 0, count: shape.count).withUnsafeBufferPointer { try buffer($0, shape) }
    }

    func buffer(_ words: [UInt32], dimensions: [Int]) throws -> PJRTBuffer {
        try words.withUnsafeBufferPointer {
            try PJRTBuffer($0, ABLATE_PJRT_UINT32, dimensions: dimensions, client, device)
        }
    }

    func buffer(_ number: Int32) throws -> PJRTBuffer {
        try [number].withUnsafeBufferPointer {
            try PJRTBuffer($0, ABLATE_PJRT_INT32, dimensions: [], client, device)
        }
    }
}

extension PJRTBuffer {
    /// The number of a buffer of one.
    func int32() throws -> Int {
        var number: Int32 = 0
        try withUnsafeMutableBytes(of: &number) { try read(to: $0) }
        return Int(number)
    }
}
