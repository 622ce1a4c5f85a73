import CPU
import LinearAlgebra
import Tensors

extension Ablate {
    /// The backend on which trainings and samples are computed.
    static let backend: any Backend = CPUBackend()

    /// Refuses an instruction set or a library of products that this processor or this program does not have, before
    /// anything is computed.
    static func checkEnvironment() throws {
        if let refused = InstructionSet.refused {
            try refuse(InstructionSet.variable, refused, InstructionSet.available)
        }
        if let wanted = CPUBackend.wantedProducts, !CPUBackend.productsChoices.contains(wanted) {
            try refuse(CPUBackend.productsVariable, wanted, CPUBackend.productsChoices)
        }
    }

    private static func refuse(_ variable: String, _ found: String, _ allowed: [String]) throws {
        Console.say(
            "error: the environment variable \(variable)\n  found: \(found)\n  allowed: \(allowed.joined(separator: ", "))"
        )
        throw Exit.wrongUsage
    }
}
