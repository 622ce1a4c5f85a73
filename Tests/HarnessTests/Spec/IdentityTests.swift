import Testing

@testable import Specification

@Suite("SHA-256")
struct SHA256Tests {
    func hex(_ bytes: [UInt8]) -> String { Identity(hashing: bytes).hex }

    @Test(
        "gives the published hashes",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
    func published(text: String, hash: String) {
        #expect(hex(Array(text.utf8)) == hash)
    }

    @Test("gives the published hash of a million letters")
    func million() {
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(hex(letters) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("does not depend on how the bytes are cut")
    func pieces() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for cut in [0, 1, 55, 56, 63, 64, 65, 128, 299, 300] {
            var hash = SHA256()
            hash.update(Array(bytes[..<cut]))
            hash.update(Array(bytes[cut...]))
            #expect(hash.finish() == SHA256.hash(bytes))
        }
    }
}

@Suite("An identity")
struct IdentityTests {
    static let value = CanonicalValue.mapping([
        .init("name", .string("flow")), .init("steps", .int(1000)), .init("rate", .double(1e-3)),
        .init("weights", .sequence([.float(0.1), .null, .bool(true)])), .init("source", .mapping([])),
    ])

    @Test("is the same in every process and on every machine")
    func golden() {
        #expect(Identity(of: Self.value).hex == "e756c59c52af9697236daf9ca99b1a55df9e0be5b8415dff5334c7c6ae621e6e")
        #expect(Identity(of: Self.value).short == "e756c59c52af")
    }

    @Test("does not depend on the order of keys, at any depth")
    func keyOrder() throws {
        let one = try Identity(of: Sample.run(Sample.tree(Sample.base)))
        let shuffled = """
            source: {prior: {}}
            student:
              objective: {freeflow: {correction: {weights: [0.1, 2.0], alpha: 1.0}, prediction: {exponent: 5e-1}}}
              network: {mlp: {activation: silu, depth: 2}}
              rate: 0.001
              width: 64
            seed: 0
            """
        #expect(try Identity(of: Sample.run(Sample.tree(shuffled))) == one)
        guard case .mapping(let fields) = Self.value else { return }
        #expect(Identity(of: .mapping(fields.reversed())) == Identity(of: Self.value))
    }

    @Test("tells apart what looks alike")
    func distinct() {
        let values: [CanonicalValue] = [
            .int(0), .double(0), .double(-0.0), .float(0), .bool(false), .null, .string(""), .string("0"),
            .sequence([]),
            .mapping([]), .sequence([.sequence([])]), .sequence([.null]), .mapping([.init("", .null)]),
            .sequence([.string("ab"), .string("c")]), .sequence([.string("a"), .string("bc")]),
            .mapping([.init("a", .mapping([.init("b", .null)]))]),
            .mapping([.init("a", .mapping([])), .init("b", .null)]),
            .int(1), .int(-1), .int(Int128(UInt64.max)), .double(.nan), .double(.infinity),
        ]
        #expect(Set(values.map { Identity(of: $0) }).count == values.count)
        #expect(Set(values).count == values.count)
        #expect(CanonicalValue.double(.nan) == .double(-.nan))
    }

    @Test("changes with any setting")
    func sensitive() throws {
        let base = try Identity(of: Sample.run(Sample.tree(Sample.base)))
        for (line, other) in [
            ("seed: 0", "seed: 1"), ("alpha: 1", "alpha: 1.0000001"), ("silu", "relu"), ("prior", "prior\nnote: x"),
        ] {
            #expect(try Identity(of: Sample.run(Sample.base(replacing: line, with: other))) != base)
        }
    }

    @Test("is read back only from 64 lower-case hexadecimal digits")
    func reading() throws {
        let identity = Identity(of: Self.value)
        #expect(Identity(hex: identity.hex) == identity)
        #expect(Identity(hex: identity.hex.uppercased()) == nil)
        #expect(Identity(hex: identity.short) == nil)
        let tree = try Sample.tree("[\(identity.hex)]")
        #expect(try StrictDecoder().decode([Identity].self, from: tree) == [identity])
        #expect(
            errorText { try StrictDecoder().decode([Identity].self, from: Sample.tree("[abc]")) } == """
                study.yaml:1:2: wrong value for [0]
                  found: abc
                  an identity is 64 lower-case hexadecimal digits
                """)
    }
}
