#include "include/allocations.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

// glibc's own allocator under the names that it keeps for programs with a malloc of theirs.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong count;
#define COUNTED atomic_fetch_add_explicit(&count, 1, memory_order_relaxed)

unsigned long allocation_count(void) { return atomic_load(&count); }

#if !__has_feature(address_sanitizer)  // which has an allocator of its own
void *malloc(size_t size) { COUNTED; return __libc_malloc(size); }
void *calloc(size_t many, size_t size) { COUNTED; return __libc_calloc(many, size); }
void *realloc(void *block, size_t size) { COUNTED; return __libc_realloc(block, size); }
void *memalign(size_t alignment, size_t size) { COUNTED; return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { COUNTED; return __libc_memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    COUNTED;
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}
#endif
