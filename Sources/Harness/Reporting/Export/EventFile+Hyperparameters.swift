/// Hyperparameters as TensorBoard's plugin `hparams` reads them: a value of no number whose metadata hold the plugin's own message.
///
/// The fields are those of tensorboard/plugins/hparams/plugin_data.proto and api.proto: `HParamsPluginData` has version = 1,
/// session_start_info = 3 and session_end_info = 4; `SessionStartInfo` has hparams = 1, group_name = 4 and start_time_secs = 5;
/// `SessionEndInfo` has status = 1 and end_time_secs = 2.
extension EventFile {
    /// A setting of a run.
    enum Hyperparameter: Hashable {
        case number(Double)
        case text(String)
    }

    /// Adds the settings that a run differs from others by.
    /// - Parameters:
    ///   - group: runs of one group are repetitions.
    ///   - isDone: whether it ended as it should.
    mutating func append(
        hyperparameters: [(name: String, value: Hyperparameter)], group: String, began: Double, ended: Double,
        isDone: Bool
    ) {
        var start = ProtocolBuffer()
        for (name, value) in hyperparameters {
            var content = ProtocolBuffer()
            switch value {
            case .number(let number): content.append(number, field: 2)
            case .text(let text): content.append(text, field: 3)
            }
            var entry = ProtocolBuffer()
            entry.append(name, field: 1)
            entry.append(content.bytes, field: 2)
            start.append(entry.bytes, field: 1)
        }
        start.append(group, field: 4)
        start.append(began, field: 5)
        append(plugin: start, field: 3, tag: "_hparams_/session_start_info", wallTime: began)
        var end = ProtocolBuffer()
        // STATUS_SUCCESS and STATUS_FAILURE.
        end.append(UInt64(isDone ? 1 : 2), field: 1)
        end.append(ended, field: 2)
        append(plugin: end, field: 4, tag: "_hparams_/session_end_info", wallTime: ended)
    }

    private mutating func append(plugin message: ProtocolBuffer, field: UInt64, tag: String, wallTime: Double) {
        var content = ProtocolBuffer()
        content.append(message.bytes, field: field)
        var plugin = ProtocolBuffer()
        plugin.append("hparams", field: 1)
        plugin.append(content.bytes, field: 2)
        var metadata = ProtocolBuffer()
        metadata.append(plugin.bytes, field: 1)
        // A tensor of one float32, 0: what the plugin reads is in the metadata.
        var tensor = ProtocolBuffer()
        tensor.append(UInt64(1), field: 1)
        tensor.append([UInt8](), field: 2)
        tensor.append(Float(0), field: 5)
        var value = ProtocolBuffer()
        value.append(tag, field: 1)
        value.append(tensor.bytes, field: 8)
        value.append(metadata.bytes, field: 9)
        append(summary: value, step: 0, wallTime: wallTime)
    }
}
