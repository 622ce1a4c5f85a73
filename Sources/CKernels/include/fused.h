// Chains of elementwise operations, carried out tile by tile so that what lies between them stays in the first-level cache.
#pragma once
#include <stdint.h>

enum {
    ABLATE_UNARY = 0,    // + the raw value of Engine's Unary
    ABLATE_BINARY = 32,  // + the raw value of Engine's Binary
    ABLATE_SILU = 54,               // of a
    ABLATE_GELU = 55,
    ABLATE_SILU_LINEAR = 56,        // the slope of silu at a, times c
    ABLATE_GELU_LINEAR = 57,
    ABLATE_SILU_ALONG = 58,         // the slope of silu at a, whose sigmoid is b, times c
    ABLATE_GELU_ALONG = 59,         // the slope of gelu at a, whose gate is b, times c
    ABLATE_MULTIPLY_ADD = 60,       // a · b + c
    ABLATE_MULTIPLY_SUBTRACT = 61,  // a · b - c
    ABLATE_SUBTRACT_PRODUCT = 62,   // c - a · b
    ABLATE_SELECT = 64,
    ABLATE_COPY = 65,
    ABLATE_ROW_SUM = 66,      // one number of each row, into a register of rows
    ABLATE_ROW_LARGEST = 67,
    ABLATE_SPREAD = 68,       // a register of rows: each row's number to all of the row
    ABLATE_ROW_ADD = 69,      // b + a, b - a and b · a, where a is of rows
    ABLATE_ROW_SUBTRACT = 70,
    ABLATE_ROW_MULTIPLY = 71,
};

/// register[out] = code(register[a], register[b], register[c]), on elements, or on the numbers that rows have.
typedef struct {
    uint8_t code, out, a, b, c, of_rows;
} ablate_operation;

enum { ABLATE_RANK = 8, ABLATE_REGISTERS = 255 };

typedef enum {
    ABLATE_NUMBER,      // load: one number in every element
    ABLATE_DIRECT,      // the register is the memory itself: elements lie in order
    ABLATE_COPIED,      // store: elements lie in order, but the memory is also read in this fused kernel
    ABLATE_REPEATED,    // load: every tile sees the same elements, fetched once
    ABLATE_STRIDED,     // a step in memory for each axis
    ABLATE_GATHERED,    // store: elements are added to memory, in order; steps may be 0
} ablate_access_kind;

/// How a register meets memory.
typedef struct {
    ablate_access_kind kind;
    uint8_t reg, of_rows;  // a register of rows meets memory in order: never strided or repeated
    float number;
    // Of gathered memory: elements of the fused kernel, over all batch tiles, whose sums have memory of their own, and from one's to the next's.
    // Lanes that share a fused kernel meet between blocks only, and so the order of sums is that of one lane.
    long block, block_shift;
    float *base;
    long shift;            // of base, from batch tile to batch tile
    long stride[ABLATE_RANK];
} ablate_access;

/// A fused kernel over the elements from `first` to before `count`, `tile` at a time: a multiple of `row`, the elements of a row, unless that
/// is 0. `first` begins a row.
typedef struct {
    long first, count, tile, row;
    int rank;
    long extent[ABLATE_RANK];
    int register_count, operation_count, load_count, store_count;
    const ablate_operation *operations;
    const ablate_access *loads, *stores;
    float *scratch;  // register_count × room floats, room = tile + 16 up to a multiple of 16, 64-byte aligned
} ablate_fused;

/// Carries out the fused kernel on a batch tile of what it is for: 0 where there is one.
void ablate_fused_run(const ablate_fused *kernel, long batch_tile);
/// With the kernel of an instruction set, 0 ..< ablate_instruction_set_count(); for tests that all sets agree.
void ablate_fused_run_on(int set, const ablate_fused *kernel, long batch_tile);

/// out[o, i] = Σ_r in[o, r, i], in a fixed order of lanes.
void ablate_sum(float *out, const float *in, long outer, long reduced, long inner);
/// out[o, i] = max_r in[o, r, i].
void ablate_largest(float *out, const float *in, long outer, long reduced, long inner);
/// With the kernels of an instruction set, 0 ..< ablate_instruction_set_count(); for tests that all sets agree.
void ablate_sum_on(int set, float *out, const float *in, long outer, long reduced, long inner);
void ablate_largest_on(int set, float *out, const float *in, long outer, long reduced, long inner);
