// Strided memory to and from registers.
#pragma once
#include "include/attention.h"
#include "include/fused.h"
#include "include/products.h"

// Where an access stands: the place of its next element on each axis, and in memory. It goes along with the tiles: to find it
// anew by divisions at each takes a transformer's norms, tiles of one row, half of their time.
typedef struct {
    long index[ABLATE_RANK], offset;
} cursor;

static void place(cursor *at, const ablate_fused *chain, const ablate_access *access, long start) {
    at->offset = 0;
    for (int d = chain->rank - 1; d >= 0; d--) {
        at->index[d] = start % chain->extent[d];
        start /= chain->extent[d];
        at->offset += at->index[d] * access->stride[d];
    }
}

// Elements from the cursor on that lie on the last axis.
static inline long run_at(const cursor *at, const ablate_fused *chain) {
    return chain->extent[chain->rank - 1] - at->index[chain->rank - 1];
}

static inline void advance(cursor *at, const ablate_fused *chain, const ablate_access *access, long run) {
    const int last = chain->rank - 1;
    at->index[last] += run;
    at->offset += run * access->stride[last];
    for (int d = last; d > 0 && at->index[d] == chain->extent[d]; d--) {
        at->offset += access->stride[d - 1] - chain->extent[d] * access->stride[d];
        at->index[d] = 0;
        at->index[d - 1]++;
    }
}

// Moves the next `count` elements of an access, between its memory from `base` on and a register.
#define FOR_RUNS(chain, access, at, count, BODY)                                          \
    do {                                                                                  \
        const long step = (access)->stride[(chain)->rank - 1];                            \
        for (long done = 0, run; done < (count); done += run, advance(at, chain, access, run)) { \
            run = run_at(at, chain);                                                      \
            if (run > (count) - done) run = (count) - done;                               \
            float *memory = base + (at)->offset, *here = reg + done;                      \
            BODY;                                                                         \
        }                                                                                 \
    } while (0)

static void fetch(const ablate_fused *chain, const ablate_access *load, cursor *at, float *base, float *reg, long count) {
    FOR_RUNS(chain, load, at, count, {
        if (step == 1) for (long i = 0; i < run; i++) here[i] = memory[i];
        else if (step == 0) for (long i = 0; i < run; i++) here[i] = *memory;
        else for (long i = 0; i < run; i++) here[i] = memory[i * step];
    });
}

static void deliver(const ablate_fused *chain, const ablate_access *store, cursor *at, float *base, float *reg, long count) {
    FOR_RUNS(chain, store, at, count, {
        if (step == 1) for (long i = 0; i < run; i++) memory[i] = here[i];
        else for (long i = 0; i < run; i++) memory[i * step] = here[i];
    });
}

static void gather(const ablate_fused *chain, const ablate_access *store, cursor *at, float *base, float *reg, long count) {
    FOR_RUNS(chain, store, at, count, {
        if (step == 1) for (long i = 0; i < run; i++) memory[i] += here[i];
        else for (long i = 0; i < run; i++) memory[i * step] += here[i];
    });
}
