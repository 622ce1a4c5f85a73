import CPJRT

/// What a plug-in could not do, in its own words.
package struct PJRTError: Error, CustomStringConvertible {
    /// What was tried, "compile a program".
    package let action: String
    /// The plug-in's file.
    package let plugin: String
    /// The plug-in's words.
    package let message: String
    /// The number of the kind of error, as the plug-in gives it: 3 for an argument that it refuses, 8 for memory that is missing.
    package let code: Int32

    package var description: String { "\(plugin) could not \(action): \(message) (code \(code))" }
}

/// A plug-in that is not used, and why.
package struct PluginRefusal: Error, CustomStringConvertible {
    /// The plug-in's file.
    package let plugin: String
    package let reason: String

    package init(plugin: String, reason: String) { (self.plugin, self.reason) = (plugin, reason) }

    package var description: String { "\(plugin): \(reason)" }
}
