import Glibc
import LinearAlgebra
import Tensors

/// Compiles programs for this machine's processor, with the kernels of the best instruction set that it has.
public struct CPUBackend: Backend {
    /// Creates the backend; all of them are alike.
    public init() {}

    /// Compiles a program to planned memory and a list of kernel calls. A run allocates nothing.
    /// - Throws: `SeveralDevices` for an execution on more than one.
    public func compile(_ program: Program, execution: Execution) throws -> any CompiledProgram {
        guard execution.devices == 1 else { throw SeveralDevices(count: execution.devices) }
        return Executable(program, execution: execution)
    }

    /// The refusal of an execution on several devices: the processor is one, of several threads.
    public struct SeveralDevices: Error, CustomStringConvertible {
        let count: Int

        /// What was asked for, and what is possible.
        public var description: String {
            "\(count) devices were asked for, and this processor is one; threads share its cores, and another device is named by "
                + "'device', or by --device"
        }
    }

    /// `products`, the code that computes matrix products, and `instructionSet`.
    public func facts(of execution: Execution) -> [(name: String, value: String)] {
        [("products", Self.products(in: execution.precision)), ("instructionSet", InstructionSet.current)]
    }

    /// The number of bytes of a compiled program's inputs, of its copies of weights and of its arena.
    public func plannedBytes(of program: Program) -> Int { MemoryLayout<Float>.stride * program.plannedFloats }

    /// The environment variable that chooses a library for matrix products.
    package static let productsVariable = "ABLATE_PRODUCTS"

    /// The values that the environment variable may have.
    package static let productsChoices = ["kernels", "openblas", "onednn"]

    /// The value of the environment variable; nil if it is not set.
    package static var wantedProducts: String? { getenv(productsVariable).map { String(cString: $0) } }

    /// The code that computes products without short sides in a precision: "float32 kernels" or "bfloat16 kernels" of the engine,
    /// "OpenBLAS", or "oneDNN" with its version.
    package static func products(in precision: Precision) -> String {
        ProductMethod(sides: [.max, .max, .max], precision).name
    }
}
