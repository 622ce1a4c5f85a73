// Matrix products for processors with AVX-512: of float32 numbers, and of bfloat16 ones where the processor multiplies their pairs.
//
// On one core of a Zen 4, GFLOP/s from and to float32 memory beyond the second-level cache, packing included, beside OpenBLAS 0.3.21
// and oneDNN 2.6.3:
//
//                       float32: here  OpenBLAS  oneDNN   bfloat16: here
//     1024×256×256            113        95       109            211
//     256×256×1024, aᵀ        110        91       106            205
//     512×512×512             113        98       110            214
//     3136×384×128            112        96       111            218
//     3136×128×512            113        92       110            217
//     128×512×3136, aᵀ        109        90       110            211
//
// What brought it there, of these: float32 rows of a read where they lie instead of packed 2 to 3 %, b packed by the first rows that
// are multiplied with it 1 to 3 %, memory of the result asked for before it is summed 1 to 2 %, the rest of b and the first rows of a
// asked for in time 1 to 2 %, 4 % where b is transposed; rows left over done four at a time are part of 4 to 6 % for 196 rows.
#include "include/matrix.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

int ablate_has_matrix_products(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
           && __builtin_cpu_supports("avx512vl");
}

int ablate_has_bfloat16_products(void) { return ablate_has_matrix_products() && __builtin_cpu_supports("avx512bf16"); }

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)

#include "transpose.h"

// Rows and columns that are summed in registers, 24 vectors; depth and rows of a packed block, which stays in the second-level cache
// beside one of b.
enum { ROWS = 6, COLUMNS = 64, DEPTH = 256, BLOCK_ROWS = 96, AHEAD = 8 };

// The first `count` lanes of 16; none for less than 1.
INLINE __mmask16 lanes(long count) { return count >= 16 ? 0xffff : count <= 0 ? 0 : (__mmask16)((1u << count) - 1); }
INLINE __m512 load(const float *x, long count) { return _mm512_maskz_loadu_ps(lanes(count), x); }
INLINE long least(long a, long b) { return a < b ? a : b; }
INLINE long padded(long columns) { return (columns + 15) / 16 * 16; }

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

// Rows of a and one panel of b, up to 64 columns, and where their product goes.
typedef struct {
    const uint32_t *a;
    long a_row, a_word;
    uint32_t *b;
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

#define NAME(x) x##_float32
#define UNIT 1
#define BLOCK_COLUMNS 256
INLINE __m512i words_across_float32(__m512 even, __m512 odd) { return (void)odd, (__m512i)even; }
INLINE __m512i words_along_float32(const float *x, long count) { return (__m512i)load(x, count); }
INLINE __m512 add_products_float32(__m512 sum, __m512i factor, __m512i line) {
    return _mm512_fmadd_ps((__m512)factor, (__m512)line, sum);
}
#include "matrix_body.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma"))), apply_to = function)
static const uint16_t pairing[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                     8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

#define NAME(x) x##_bfloat16
#define UNIT 2
#define BLOCK_COLUMNS 512
INLINE __m512i words_across_bfloat16(__m512 even, __m512 odd) {
    return _mm512_permutexvar_epi16(_mm512_loadu_si512(pairing), (__m512i)_mm512_cvtne2ps_pbh(odd, even));
}
INLINE __m512i words_along_bfloat16(const float *x, long count) {
    return (__m512i)_mm512_cvtne2ps_pbh(load(x + 16, count - 16), load(x, count));
}
INLINE __m512 add_products_bfloat16(__m512 sum, __m512i factor, __m512i line) {
    return _mm512_dpbf16_ps(sum, (__m512bh)factor, (__m512bh)line);
}
#include "matrix_body.h"
#pragma clang attribute pop
#else
int ablate_has_matrix_products(void) { return 0; }
int ablate_has_bfloat16_products(void) { return 0; }
void ablate_matrix_pack_float32(const ablate_matrix_product *product, uint32_t *panels) {
    (void)product, (void)panels, __builtin_trap();
}
void ablate_matrix_pack_bfloat16(const ablate_matrix_product *product, uint32_t *panels) {
    (void)product, (void)panels, __builtin_trap();
}
void ablate_matrix_product_float32(const ablate_matrix_product *product) { (void)product, __builtin_trap(); }
void ablate_matrix_product_bfloat16(const ablate_matrix_product *product) { (void)product, __builtin_trap(); }
#endif
