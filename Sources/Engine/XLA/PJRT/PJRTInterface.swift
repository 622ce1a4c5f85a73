import CPJRT

/// A plug-in's functions, called with structures of arguments; what goes wrong is thrown.
struct PJRTInterface: @unchecked Sendable {
    let table: UnsafePointer<ablate_pjrt_table>
    /// The plug-in's file, for errors.
    let path: String

    /// Calls a function.
    /// - Parameter action: what it is for, "compile a program".
    func call<Arguments: BitwiseCopyable>(_ slot: ablate_pjrt_slot, _ arguments: inout Arguments, _ action: String)
        throws
    {
        try check(ablate_pjrt_call(table, slot, &arguments, MemoryLayout<Arguments>.size), action)
    }

    /// Waits until something is done.
    func wait(for event: OpaquePointer?, _ action: String) throws {
        try check(ablate_pjrt_await(table, event), action)
    }

    func destroy(_ object: OpaquePointer?, by slot: ablate_pjrt_slot) {
        ablate_pjrt_destroy(table, slot, object.map(UnsafeMutableRawPointer.init))
    }

    /// A text that the plug-in has of an object.
    func text(_ slot: ablate_pjrt_slot, of object: OpaquePointer?, _ action: String) throws -> String {
        var arguments = ablate_pjrt_text_of()
        arguments.object = object.map(UnsafeRawPointer.init)
        try call(slot, &arguments, action)
        return arguments.text.string
    }

    /// An object, or a number, that the plug-in has of another object.
    func part(_ slot: ablate_pjrt_slot, of object: OpaquePointer?, _ action: String) throws -> UnsafeMutableRawPointer?
    {
        var arguments = ablate_pjrt_part_of()
        arguments.object = object.map(UnsafeRawPointer.init)
        try call(slot, &arguments, action)
        return arguments.result
    }

    private func check(_ error: OpaquePointer?, _ action: String) throws {
        guard let error else { return }
        defer { destroy(error, by: ABLATE_PJRT_ERROR_DESTROY) }
        var message = ablate_pjrt_text_of()
        message.object = UnsafeRawPointer(error)
        _ = ablate_pjrt_call(table, ABLATE_PJRT_ERROR_MESSAGE, &message, MemoryLayout<ablate_pjrt_text_of>.size)
        var code = ablate_pjrt_part_of()
        code.object = UnsafeRawPointer(error)
        _ = ablate_pjrt_call(table, ABLATE_PJRT_ERROR_CODE, &code, MemoryLayout<ablate_pjrt_part_of>.size)
        throw PJRTError(
            action: action, plugin: path, message: message.text.string,
            code: Int32(truncatingIfNeeded: Int(bitPattern: code.result)))
    }
}
