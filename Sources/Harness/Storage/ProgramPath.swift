/// A path in the form passed to another program: absolute, or with "./" before it, so that the program takes it for a
/// file whatever its first letter is. An option begins with "-", and gnuplot executes a name that begins with "<" or
/// "|" as a shell command.
package func programPath(_ path: String) -> String { path.hasPrefix("/") || path.hasPrefix("./") ? path : "./" + path }
