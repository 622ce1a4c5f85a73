/// Why a file holds no array that can be read: what was found, and what is allowed or what makes it so.
package struct ArrayError: Error, Equatable {
    package let found, allowed: String

    package init(_ found: String, allowed: String) { (self.found, self.allowed) = (found, allowed) }
}
