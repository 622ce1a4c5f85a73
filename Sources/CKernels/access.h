// Strided memory to and from registers.
#pragma once
#include "include/attention.h"
#include "include/fused.h"
#include "include/products.h"

// Where an access stands: the place of its next element on each axis, and in memory. It goes along with the tiles: to find it
// anew by divisions at each takes a transformer's norms, tiles of one row, half of their time.
typedef struct {
    long index[ABLATE_RANK], offset;
    long held;  // where the rows begin that are in the register, if all of a tile's are the same; else -1
} cursor;

static void place(cursor *at, const ablate_fused *kernel, const ablate_access *access, long start) {
    at->offset = 0;
    at->held = -1;
    for (int d = kernel->rank - 1; d >= 0; d--) {
        at->index[d] = start % kernel->extent[d];
        start /= kernel->extent[d];
        at->offset += at->index[d] * access->stride[d];
    }
}

// Elements from the cursor on that lie on the last axis.
static inline long run_at(const cursor *at, const ablate_fused *kernel) {
    return kernel->extent[kernel->rank - 1] - at->index[kernel->rank - 1];
}

static inline void advance_on(int axis, cursor *at, const ablate_fused *kernel, const ablate_access *access, long steps) {
    at->index[axis] += steps;
    at->offset += steps * access->stride[axis];
    for (int d = axis; d > 0 && at->index[d] == kernel->extent[d]; d--) {
        at->offset += access->stride[d - 1] - kernel->extent[d] * access->stride[d];
        at->index[d] = 0;
        at->index[d - 1]++;
    }
}

static inline void advance(cursor *at, const ablate_fused *kernel, const ablate_access *access, long run) {
    advance_on(kernel->rank - 1, at, kernel, access, run);
}

// Moves the next `count` elements of an access, between its memory from `base` on and a register.
#define FOR_RUNS(kernel, access, at, count, BODY)                                          \
    do {                                                                                  \
        const long step = (access)->stride[(kernel)->rank - 1];                            \
        for (long done = 0, run; done < (count); done += run, advance(at, kernel, access, run)) { \
            run = run_at(at, kernel);                                                      \
            if (run > (count) - done) run = (count) - done;                               \
            float *memory = base + (at)->offset, *here = reg + done;                      \
            BODY;                                                                         \
        }                                                                                 \
    } while (0)

static void fetch(const ablate_fused *kernel, const ablate_access *load, cursor *at, float *base, float *reg, long count) {
    FOR_RUNS(kernel, load, at, count, {
        if (step == 1) for (long i = 0; i < run; i++) here[i] = memory[i];
        else if (step == 0) for (long i = 0; i < run; i++) here[i] = *memory;
        else for (long i = 0; i < run; i++) here[i] = memory[i * step];
    });
}

// The next `count` elements in a register; nothing is moved where they are whole rows, all the same, that are there from the tile
// before. What modulates a transformer's tokens is the same for all of a sample: with it, and rows' numbers read as such, fetching
// takes 0.4 % of its step instead of 1.2.
static inline void hold(const ablate_fused *kernel, const ablate_access *load, cursor *at, float *base, float *reg, long count) {
    const int last = kernel->rank - 1;
    const long start = at->offset, row = kernel->extent[last], rows = count / row;
    const int same = last > 0 && load->stride[last - 1] == 0 && at->index[last] == 0 && rows * row == count
                     && at->index[last - 1] + rows <= kernel->extent[last - 1];
    if (same && at->held == start) advance_on(last - 1, at, kernel, load, rows);
    else fetch(kernel, load, at, base, reg, count);
    at->held = same ? start : -1;
}

static void deliver(const ablate_fused *kernel, const ablate_access *store, cursor *at, float *base, float *reg, long count) {
    FOR_RUNS(kernel, store, at, count, {
        if (step == 1) for (long i = 0; i < run; i++) memory[i] = here[i];
        else for (long i = 0; i < run; i++) memory[i * step] = here[i];
    });
}

static void gather(const ablate_fused *kernel, const ablate_access *store, cursor *at, float *base, float *reg, long count) {
    FOR_RUNS(kernel, store, at, count, {
        if (step == 1) for (long i = 0; i < run; i++) memory[i] += here[i];
        else for (long i = 0; i < run; i++) memory[i * step] += here[i];
    });
}
