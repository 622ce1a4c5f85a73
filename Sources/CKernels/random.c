#include "random_forms.h"

#include <string.h>

// A contracted multiply-add rounds once where the portable variant rounds twice.
#pragma clang fp contract(off)

// Multipliers and key increments of Philox4x32 (Salmon et al., SC 2011).
#define PHILOX_M0 0xD2511F53u
#define PHILOX_M1 0xCD9E8D57u
#define PHILOX_W0 0x9E3779B9u
#define PHILOX_W1 0xBB67AE85u

#define BLOCK_COUNTERS 16
#define BLOCK_ELEMENTS 64

#define LANES 4
#define NAMED(name) name##_portable
#define TARGET
#include "random_body.h"

#if defined(__x86_64__)
#define LANES 8
#define NAMED(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#include "random_body.h"

#define LANES 16
#define NAMED(name) name##_avx512
#define TARGET __attribute__((target("avx512f")))
#include "random_body.h"
#endif

// The plain form of the same ten rounds: the readable one, which the known answers check and the vector code must match.
void ablate_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint32_t key0 = key[0], key1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = (uint64_t)PHILOX_M0 * c[0], product1 = (uint64_t)PHILOX_M1 * c[2];
        c[0] = (uint32_t)(product1 >> 32) ^ c[1] ^ key0;
        c[1] = (uint32_t)product1;
        c[2] = (uint32_t)(product0 >> 32) ^ c[3] ^ key1;
        c[3] = (uint32_t)product0;
        key0 += PHILOX_W0;
        key1 += PHILOX_W1;
    }
    memcpy(out, c, sizeof c);
}
