// What a thread does between two looks at memory that another is about to write.
#pragma once

static inline void ablate_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
