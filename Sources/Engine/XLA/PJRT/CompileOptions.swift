import CPJRT

/// How a plug-in compiles, in the form that it reads: a serialized CompileOptionsProto.
package struct CompileOptions: Hashable, Sendable {
    /// XLA's own flags by name, such as "xla_gpu_deterministic_ops": "true". One that a plug-in does not know is an error.
    package var flags: [String: String]
    /// Copies of the program that run side by side, each on a device of its own.
    package var replicas: Int
    /// The number of the device of the first copy; the others follow it.
    package var firstDevice: Int

    package init(flags: [String: String] = [:], replicas: Int = 1, firstDevice: Int = 0) {
        (self.flags, self.replicas, self.firstDevice) = (flags, replicas, firstDevice)
    }

    /// Field 3 is the build: its field 4 the replicas, its field 5 the partitions, 1, its field 9 the devices. Field 7 is a map from a
    /// flag's name to its value, whose field 1 is a string.
    package var bytes: [UInt8] {
        let build = [0x20] + Self.number(replicas) + [0x28, 1] + (firstDevice == 0 ? [] : assignment)
        var bytes = Self.field(3, build)
        for (name, value) in flags.sorted(by: { $0.key < $1.key }) {
            let entry = Self.field(1, Array(name.utf8)) + Self.field(2, Self.value(value))
            bytes += Self.field(7, entry)
        }
        return bytes
    }

    /// The devices of the copies: field 1 is their number, field 2 the partitions, field 3 for the one partition a list, field 1, of
    /// devices. Left out, they are those from 0 on.
    private var assignment: [UInt8] {
        let devices = (firstDevice..<firstDevice + replicas).flatMap(Self.number)
        return Self.field(9, [0x08] + Self.number(replicas) + [0x10, 1] + Self.field(3, Self.field(1, devices)))
    }

    /// A flag's value: text, a truth or a whole number, each in a field of its own.
    private static func value(_ text: String) -> [UInt8] {
        switch text {
        case "true": [0x10, 1]
        case "false": [0x10, 0]
        default: Int(text).map { $0 >= 0 ? [0x18] + number($0) : nil }.flatMap(\.self) ?? field(1, Array(text.utf8))
        }
    }

    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + Self.number(content.count) + content
    }

    /// Seven bits a byte, the lowest first.
    private static func number(_ value: Int) -> [UInt8] {
        var rest = value, bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

/// A module's text and options in the structures that a plug-in reads.
enum PJRTProgramText {
    static func withUnsafe<Result>(
        _ text: String, _ options: CompileOptions,
        _ body: (UnsafePointer<ablate_pjrt_program>, ablate_pjrt_text) throws -> Result
    ) throws -> Result {
        var text = text
        return try text.withUTF8 { code in
            try "mlir".withCString { format in
                try options.bytes.withUnsafeBytes { options in
                    var program = ablate_pjrt_program()
                    program.size = MemoryLayout<ablate_pjrt_program>.size
                    program.code = Self.content(UnsafeRawBufferPointer(code))
                    program.format = ablate_pjrt_text(start: format, count: 4)
                    return try body(&program, Self.content(options))
                }
            }
        }
    }

    private static func content(_ bytes: UnsafeRawBufferPointer) -> ablate_pjrt_text {
        ablate_pjrt_text(start: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), count: bytes.count)
    }
}
