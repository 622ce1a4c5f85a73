import Foundation
import TestSupport
import Testing

@testable import XLA

/// The header that a plug-in ships, if one does, and a compiler for it.
private enum Header {
    static let path: String? = PluginSearch.current.paths.lazy.map {
        ($0 as NSString).deletingLastPathComponent + "/include/pjrt_c_api.h"
    }.first { FileManager.default.fileExists(atPath: $0) }

    static let compiler: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
        .flatMap { ["\($0)/clang", "\($0)/cc"] }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

@Suite("Declarations of the plug-ins' interface") struct LayoutTests {
    /// The functions' names in the header, by our names of their slots.
    private static let slots = [
        "ERROR_DESTROY": "Error_Destroy", "ERROR_MESSAGE": "Error_Message", "ERROR_CODE": "Error_GetCode",
        "PLUGIN_INITIALIZE": "Plugin_Initialize", "PLUGIN_ATTRIBUTES": "Plugin_Attributes",
        "EVENT_DESTROY": "Event_Destroy", "EVENT_AWAIT": "Event_Await", "CLIENT_CREATE": "Client_Create",
        "CLIENT_DESTROY": "Client_Destroy", "CLIENT_PLATFORM_NAME": "Client_PlatformName",
        "CLIENT_PLATFORM_VERSION": "Client_PlatformVersion", "CLIENT_DEVICES": "Client_AddressableDevices",
        "CLIENT_COMPILE": "Client_Compile", "CLIENT_UPLOAD": "Client_BufferFromHostBuffer",
        "DESCRIPTION_KIND": "DeviceDescription_Kind", "DESCRIPTION_TEXT": "DeviceDescription_ToString",
        "DEVICE_DESCRIPTION": "Device_GetDescription", "DEVICE_MEMORY": "Device_MemoryStats",
        "EXECUTABLE_DESTROY": "Executable_Destroy", "EXECUTABLE_OUTPUTS": "Executable_NumOutputs",
        "EXECUTABLE_SERIALIZE": "Executable_Serialize", "LOADED_DESTROY": "LoadedExecutable_Destroy",
        "LOADED_EXECUTABLE": "LoadedExecutable_GetExecutable", "LOADED_EXECUTE": "LoadedExecutable_Execute",
        "EXECUTABLE_LOAD": "Executable_DeserializeAndLoad", "BUFFER_DESTROY": "Buffer_Destroy",
        "BUFFER_IS_DELETED": "Buffer_IsDeleted", "BUFFER_DOWNLOAD": "Buffer_ToHostBuffer",
        "BUFFER_ADDRESS": "Buffer_UnsafePointer", "TOPOLOGY_CREATE": "TopologyDescription_Create",
        "TOPOLOGY_DESTROY": "TopologyDescription_Destroy", "TOPOLOGY_COMPILE": "Compile",
        "EXECUTABLE_MEMORY": "Executable_GetCompiledMemoryStats",
    ]

    /// Structures in the header with their members, beside ours: "theirs.member ours.member".
    private static let members = """
        Error_Destroy_Args.error one.object; Error_Message_Args.error text_of.object
        Error_Message_Args.message text_of.text.start; Error_Message_Args.message_size text_of.text.count
        Error_GetCode_Args.error part_of.object; Error_GetCode_Args.code part_of.result
        Plugin_Attributes_Args.attributes attributes.values; Plugin_Attributes_Args.num_attributes attributes.count
        NamedValue.name named_value.name.start; NamedValue.name_size named_value.name.count
        NamedValue.type named_value.kind; NamedValue.string_value named_value.string
        NamedValue.bool_value named_value.truth; NamedValue.value_size named_value.count
        Event_Destroy_Args.event one.object; Event_Await_Args.event one.object
        Client_Create_Args.create_options client_create.options; Client_Create_Args.num_options client_create.option_count
        Client_Create_Args.client client_create.client; Client_Destroy_Args.client one.object
        Client_PlatformName_Args.client text_of.object; Client_PlatformName_Args.platform_name text_of.text.start
        Client_PlatformVersion_Args.platform_version text_of.text.start
        Client_AddressableDevices_Args.client client_devices.client
        Client_AddressableDevices_Args.addressable_devices client_devices.devices
        Client_AddressableDevices_Args.num_addressable_devices client_devices.count
        Program.code program.code.start; Program.code_size program.code.count
        Program.format program.format.start; Program.format_size program.format.count
        Client_Compile_Args.client client_compile.client; Client_Compile_Args.program client_compile.program
        Client_Compile_Args.compile_options client_compile.options.start
        Client_Compile_Args.compile_options_size client_compile.options.count
        Client_Compile_Args.executable client_compile.loaded
        Client_BufferFromHostBuffer_Args.client client_upload.client
        Client_BufferFromHostBuffer_Args.data client_upload.data; Client_BufferFromHostBuffer_Args.type client_upload.type
        Client_BufferFromHostBuffer_Args.dims client_upload.dimensions
        Client_BufferFromHostBuffer_Args.num_dims client_upload.rank
        Client_BufferFromHostBuffer_Args.byte_strides client_upload.strides
        Client_BufferFromHostBuffer_Args.host_buffer_semantics client_upload.semantics
        Client_BufferFromHostBuffer_Args.device client_upload.device
        Client_BufferFromHostBuffer_Args.done_with_host_buffer client_upload.done
        Client_BufferFromHostBuffer_Args.buffer client_upload.buffer
        DeviceDescription_Kind_Args.device_kind text_of.text.start
        DeviceDescription_ToString_Args.to_string text_of.text.start
        Device_GetDescription_Args.device part_of.object; Device_GetDescription_Args.device_description part_of.result
        Device_MemoryStats_Args.device device_memory.device; Device_MemoryStats_Args.bytes_in_use device_memory.in_use
        Device_MemoryStats_Args.peak_bytes_in_use device_memory.peak.value
        Device_MemoryStats_Args.peak_bytes_in_use_is_set device_memory.peak.is_set
        Device_MemoryStats_Args.bytes_limit device_memory.limit.value
        Device_MemoryStats_Args.bytes_limit_is_set device_memory.limit.is_set
        Executable_Destroy_Args.executable one.object; Executable_NumOutputs_Args.executable part_of.object
        Executable_NumOutputs_Args.num_outputs part_of.result
        Executable_Serialize_Args.executable serialize.executable
        Executable_Serialize_Args.serialized_bytes serialize.bytes.start
        Executable_Serialize_Args.serialized_bytes_size serialize.bytes.count
        Executable_Serialize_Args.serialized_executable serialize.serialized
        Executable_Serialize_Args.serialized_executable_deleter serialize.destroy
        LoadedExecutable_Destroy_Args.executable one.object
        LoadedExecutable_GetExecutable_Args.loaded_executable part_of.object
        LoadedExecutable_GetExecutable_Args.executable part_of.result
        Executable_DeserializeAndLoad_Args.client load.client
        Executable_DeserializeAndLoad_Args.serialized_executable load.bytes.start
        Executable_DeserializeAndLoad_Args.serialized_executable_size load.bytes.count
        Executable_DeserializeAndLoad_Args.loaded_executable load.loaded
        ExecuteOptions.launch_id execute_options.launch
        ExecuteOptions.non_donatable_input_indices execute_options.kept
        ExecuteOptions.num_non_donatable_input_indices execute_options.kept_count
        LoadedExecutable_Execute_Args.executable execute.loaded; LoadedExecutable_Execute_Args.options execute.options
        LoadedExecutable_Execute_Args.argument_lists execute.arguments
        LoadedExecutable_Execute_Args.num_devices execute.device_count
        LoadedExecutable_Execute_Args.num_args execute.argument_count
        LoadedExecutable_Execute_Args.output_lists execute.results
        LoadedExecutable_Execute_Args.device_complete_events execute.done
        LoadedExecutable_Execute_Args.execute_device execute.device
        Buffer_Destroy_Args.buffer one.object; Buffer_IsDeleted_Args.is_deleted part_of.result
        Buffer_ToHostBuffer_Args.src download.buffer; Buffer_ToHostBuffer_Args.host_layout download.layout
        Buffer_ToHostBuffer_Args.dst download.target; Buffer_ToHostBuffer_Args.dst_size download.bytes
        Buffer_ToHostBuffer_Args.event download.done; Buffer_UnsafePointer_Args.buffer_pointer part_of.result
        TopologyDescription_Create_Args.topology_name topology_create.name.start
        TopologyDescription_Create_Args.create_options topology_create.options
        TopologyDescription_Create_Args.topology topology_create.topology
        Compile_Args.topology topology_compile.topology; Compile_Args.program topology_compile.program
        Compile_Args.compile_options topology_compile.options.start; Compile_Args.client topology_compile.client
        Compile_Args.executable topology_compile.executable
        Executable_GetCompiledMemoryStats_Args.argument_size_in_bytes compiled_memory.arguments
        Executable_GetCompiledMemoryStats_Args.alias_size_in_bytes compiled_memory.aliased
        Executable_GetCompiledMemoryStats_Args.temp_size_in_bytes compiled_memory.temporary
        """

    /// Structures whose sizes must not be below the header's.
    private static let sizes = [
        "one": "Error_Destroy_Args", "client_create": "Client_Create_Args", "client_compile": "Client_Compile_Args",
        "client_upload": "Client_BufferFromHostBuffer_Args", "device_memory": "Device_MemoryStats_Args",
        "execute": "LoadedExecutable_Execute_Args", "execute_options": "ExecuteOptions",
        "download": "Buffer_ToHostBuffer_Args", "serialize": "Executable_Serialize_Args",
        "load": "Executable_DeserializeAndLoad_Args", "compiled_memory": "Executable_GetCompiledMemoryStats_Args",
        "topology_create": "TopologyDescription_Create_Args", "topology_compile": "Compile_Args",
        "program": "Program",
    ]

    @Test(
        "are those of the header that a plug-in ships: every slot, offset and size in use",
        .enabled(
            if: Header.path != nil && Header.compiler != nil,
            "no plug-in with its header and a C compiler: pip install xla-cpu-pjrt==0.0.1"))
    func layout() throws {
        let header = try #require(Header.path), compiler = try #require(Header.compiler)
        let folder = TemporaryFolder()
        let pairs = Self.members.split(whereSeparator: { ";\n".contains($0) }).map { $0.split(separator: " ") }
        #expect(pairs.count > 80 && pairs.allSatisfy { $0.count == 2 })
        var checks = Self.slots.map { name, function in
            (
                "offsetof(ablate_pjrt_table, functions) + 8 * ABLATE_PJRT_\(name)",
                "offsetof(PJRT_Api, PJRT_\(function))"
            )
        }
        checks += pairs.map { pair in
            let theirs = pair[0].split(separator: "."), ours = pair[1].split(separator: ".", maxSplits: 1)
            return ("offsetof(ablate_pjrt_\(ours[0]), \(ours[1]))", "offsetof(PJRT_\(theirs[0]), \(theirs[1]))")
        }
        checks += Self.sizes.map { ("(sizeof(ablate_pjrt_\($0)) >= sizeof(PJRT_\($1)))", "1") }
        checks += [
            ("sizeof(ablate_pjrt_named_value)", "sizeof(PJRT_NamedValue)"),
            ("offsetof(ablate_pjrt_table, major)", "offsetof(PJRT_Api, pjrt_api_version.major_version)"),
            ("offsetof(ablate_pjrt_table, minor)", "offsetof(PJRT_Api, pjrt_api_version.minor_version)"),
            ("ABLATE_PJRT_FLOAT32", "PJRT_Buffer_Type_F32"),
            ("ABLATE_PJRT_INT32", "PJRT_Buffer_Type_S32"), ("ABLATE_PJRT_UINT32", "PJRT_Buffer_Type_U32"),
            ("ABLATE_PJRT_STRING", "PJRT_NamedValue_kString"), ("ABLATE_PJRT_INT64_LIST", "PJRT_NamedValue_kInt64List"),
            ("ABLATE_PJRT_FLOAT", "PJRT_NamedValue_kFloat"), ("ABLATE_PJRT_BOOL", "PJRT_NamedValue_kBool"),
            ("0", "PJRT_HostBufferSemantics_kImmutableOnlyDuringCall"),
        ]
        let source = checks.map { ours, theirs in "_Static_assert((\(ours)) == (\(theirs)), \"\(theirs)\");" }
        let text =
            "#include <stdbool.h>\n#include \"\(header)\"\n#include \"CPJRT.h\"\n"
            + source.joined(separator: "\n")
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("layout.c")))
        #expect(try errors(compiler, folder.file("layout.c")) == "")
    }

    /// What the compiler says of a file.
    private func errors(_ compiler: String, _ file: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: compiler)
        process.arguments = ["-fsyntax-only", "-w", "-I", root.path + "/Sources/CPJRT/include", file]
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : text
    }
}
