import Glibc
import Tensors

/// Memory that lives as long as an executable, of its inputs or of all intermediate values: one zeroed mapping, on big pages where
/// the system gives them.
final class Arena {
    let base: UnsafeMutablePointer<Float>
    private let byteCount: Int

    init(floats: Int) {
        byteCount = max(4096, floats * MemoryLayout<Float>.stride)
        let mapping = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapping, mapping != MAP_FAILED else {
            preconditionFailure("no memory for an arena of \(byteCount) bytes")
        }
        madvise(mapping, byteCount, 14)  // MADV_HUGEPAGE; a refusal costs speed only
        base = mapping.bindMemory(to: Float.self, capacity: byteCount / MemoryLayout<Float>.stride)
    }

    deinit { munmap(base, byteCount) }
}
