// The kinds of matrix products that every instruction set has: of float32 numbers, and of numbers rounded to bfloat16.
//
// With AVX-512, on one core of a Zen 4, GFLOP/s from and to float32 memory beyond the second-level cache, packing included, beside
// OpenBLAS 0.3.21 and oneDNN 2.6.3; behind them with AVX2, on a Xeon, beside OpenBLAS's kernels for AVX2:
//
//                       float32: here  OpenBLAS  oneDNN   bfloat16: here   AVX2: here  OpenBLAS
//     1024×256×256            113        95       109            211            76          75
//     256×256×1024, aᵀ        110        91       106            205            71          74
//     512×512×512             113        98       110            214            77          76
//     3136×384×128            112        96       111            218            74          66
//     3136×128×512            113        92       110            217            71          63
//     128×512×3136, aᵀ        109        90       110            211            67          69
//
// What brought it there with AVX-512, of these: float32 rows of a read where they lie instead of packed 2 to 3 %, b packed by the first
// rows that are multiplied with it 1 to 3 %, memory of the result asked for before it is summed 1 to 2 %, the rest of b and the first
// rows of a asked for in time 1 to 2 %, 4 % where b is transposed; rows left over done four at a time are part of 4 to 6 % for 196 rows.
#pragma once
#include "include/matrix.h"
#include "transpose.h"

// Rows and columns that are summed in registers; depth and rows of a packed block, which stays in the second-level cache beside one
// of b. Sums run over DEPTH at a time: another number is another order of sums, on every set.
enum { ROWS = 6, COLUMNS = 16 * PANEL_VECTORS, DEPTH = 256, BLOCK_ROWS = 96, AHEAD = 8 };
// Words of depth for each vector that is asked for ahead: as many sums as a wide panel has for one.
enum { WORDS_A_FETCH = 4 / PANEL_VECTORS };

// What is read next, asked for while what is there is multiplied: vectors of 16 numbers of some rows. Gradients of weights over 3,136
// rows are 8 to 11 % faster for it, 15 % in bfloat16, and a product with nothing in the cache 2 % for 1,024 rows, 12 % for 96.
typedef struct {
    const float *row;
    long stride, vectors, rows;
    long done;  // vectors of the first row that were asked for
} foresight;

// In the order in which they are wanted: rows of this block, the next panel of b, the next rows, the next block of b.
enum { ROWS_WITHIN, NEXT_PANEL, NEXT_ROWS, NEXT_BLOCK, FORESIGHTS };

// The first that is not at its end; the last if all are.
INLINE foresight *nearest(foresight *of) {
    int i = 0;
    while (of[i].rows == 0 && i < NEXT_BLOCK) i++;
    return of + i;
}

INLINE long vectors_left(const foresight *s) { return s->rows * s->vectors - s->done; }

INLINE void go_on(foresight *s, long vectors) {
    if (vectors == 0) return;
    const long done = s->done + vectors, rows = done / s->vectors;
    s->row += rows * s->stride;
    s->rows -= rows;
    s->done = done % s->vectors;
}

// Rows of a and one panel of b, and where their product goes. Words of 4 bytes: a number, or a pair of bfloat16 ones.
typedef struct {
    const float *a;
    int is_across;  // whether neighbours in memory are rows, the words of a row `a_word` apart; else they are words, rows `a_row` apart
    long a_row, a_word;
    float *b;
    long width, words;
    // What b is packed from by the first rows that are multiplied with it; null where it is packed.
    const float *source;
    long source_row, depth;
    float *out;
    long out_row, columns;
    int adds;
    const float *bias;  // where the sums end here and have one
    foresight *next;
} panel;

// Neighbours exchanged: the instructions for pairs add the second product of a pair first.
INLINE V exchanged(V x) { return __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14); }

#define KIND(x) x##_float32
#define UNIT 1
#define ROUNDS 0
#define BLOCK_COLUMNS 256
INLINE V words_across_float32(V even, V odd) { return (void)odd, even; }
INLINE V words_along_float32(const float *x, long count) { return load_first(x, count); }
INLINE V add_products_float32(V sum, V factor, V line) { return v_fma(factor, line, sum); }
#include "matrix_body.h"

// The nearest bfloat16 numbers, ties to even, as float32: 8 bits of mantissa. Numbers too small to be normal are 0, as they are to the
// instructions for pairs.
INLINE V rounded(V x) {
    const I bits = as_int(x), sign = bits & (I)(int32_t)0x80000000;
    const I near = (bits + 0x7fff + ((bits >> 16) & 1)) & (I)(int32_t)0xffff0000;
    const I kept = (bits & 0x7f800000) == 0 ? sign : near;
    return as_float(x == x ? kept : bits | 0x00400000);
}
#define KIND(x) x##_rounded
#define UNIT 1
#define ROUNDS 1
#define BLOCK_COLUMNS 256
INLINE V words_across_rounded(V even, V odd) { return (void)odd, rounded(even); }
INLINE V words_along_rounded(const float *x, long count) { return rounded(load_first(x, count)); }
INLINE V add_products_rounded(V sum, V factor, V line) { return v_fma(factor, line, sum); }
#include "matrix_body.h"
