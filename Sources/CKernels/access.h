// Strided memory to and from registers.
#pragma once
#include "include/attention.h"
#include "include/fused.h"
#include "include/products.h"

// Moves the elements start ..< start + count of an access, between its memory from `base` on and a register.
#define FOR_RUNS(chain, access, start, count, BODY)                                                       \
    do {                                                                                                  \
        const int last = (chain)->rank - 1;                                                               \
        const long inner = (chain)->extent[last], step = (access)->stride[last];                          \
        long index[ABLATE_RANK], rest = (start), done = 0;                                                \
        for (int d = last; d >= 0; d--) { index[d] = rest % (chain)->extent[d]; rest /= (chain)->extent[d]; } \
        while (done < (count)) {                                                                          \
            long offset = 0;                                                                              \
            for (int d = 0; d <= last; d++) offset += index[d] * (access)->stride[d];                     \
            long run = inner - index[last];                                                               \
            if (run > (count)-done) run = (count)-done;                                                   \
            float *memory = base + offset, *here = reg + done;                                  \
            BODY;                                                                                         \
            done += run;                                                                                  \
            index[last] += run;                                                                           \
            for (int d = last; d > 0 && index[d] == (chain)->extent[d]; d--) { index[d] = 0; index[d - 1]++; } \
        }                                                                                                 \
    } while (0)

static void fetch(const ablate_fused *chain, const ablate_access *load, float *base, float *reg, long start, long count) {
    FOR_RUNS(chain, load, start, count, {
        if (step == 1) for (long i = 0; i < run; i++) here[i] = memory[i];
        else if (step == 0) for (long i = 0; i < run; i++) here[i] = *memory;
        else for (long i = 0; i < run; i++) here[i] = memory[i * step];
    });
}

static void deliver(const ablate_fused *chain, const ablate_access *store, float *base, float *reg, long start, long count) {
    FOR_RUNS(chain, store, start, count, {
        if (step == 1) for (long i = 0; i < run; i++) memory[i] = here[i];
        else for (long i = 0; i < run; i++) memory[i * step] = here[i];
    });
}

static void gather(const ablate_fused *chain, const ablate_access *store, float *base, float *reg, long start, long count) {
    FOR_RUNS(chain, store, start, count, {
        if (step == 1) for (long i = 0; i < run; i++) memory[i] += here[i];
        else for (long i = 0; i < run; i++) memory[i * step] += here[i];
    });
}
