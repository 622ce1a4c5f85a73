import CCrypto

/// The hash SHA-256 (FIPS 180-4) of bytes given in any number of pieces, by OpenSSL's libcrypto.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Bytes of a hash.
    private static let size = 32

    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("libcrypto has no SHA-256")
        }
        self.context = context
    }

    /// A hash of the same bytes so far, which goes on by itself.
    package init(copying other: borrowing SHA256) {
        self.init()
        EVP_MD_CTX_copy_ex(context, other.context)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// The 32 bytes of the hash of `bytes`.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(Array(bytes))
        return hash.finish()
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    /// The hash; the value is spent afterwards.
    package mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.size) { buffer, count in
            EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            count = Self.size
        }
    }
}
