// Matrix products of pairs of bfloat16 numbers, by AVX-512's instructions for them.
#pragma once
#include <immintrin.h>

#include "matrix_kinds.h"

static const uint16_t pairing[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                     8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

#define KIND(x) x##_pairs
#define UNIT 2
#define ROUNDS 0
#define BLOCK_COLUMNS 512
INLINE V words_across_pairs(V even, V odd) {
    return (V)_mm512_permutexvar_epi16(_mm512_loadu_si512(pairing), (__m512i)_mm512_cvtne2ps_pbh((__m512)odd, (__m512)even));
}
INLINE V words_along_pairs(const float *x, long count) {
    return (V)_mm512_cvtne2ps_pbh((__m512)load_first(x + 16, count - 16), (__m512)load_first(x, count));
}
INLINE V add_products_pairs(V sum, V factor, V line) {
    return (V)_mm512_dpbf16_ps((__m512)sum, (__m512bh)factor, (__m512bh)line);
}
#include "matrix_body.h"
