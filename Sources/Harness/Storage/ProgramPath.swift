/// A path as another program is given it: absolute, or with "./" before it, so that the program takes it for a file whatever
/// its first letter is. An option begins with "-", gnuplot runs what begins with "<" or "|" as a command of the shell.
package func programPath(_ path: String) -> String { path.hasPrefix("/") || path.hasPrefix("./") ? path : "./" + path }
