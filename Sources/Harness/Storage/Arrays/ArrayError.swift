/// The reason for which a file is not a readable array: the content found, and the content allowed.
package struct ArrayError: Error, Equatable {
    package let found, allowed: String

    package init(_ found: String, allowed: String) { (self.found, self.allowed) = (found, allowed) }
}
