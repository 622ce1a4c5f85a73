// For x86 processors with AVX-512; with products of pairs of bfloat16 numbers, which some of them have.
#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL_SET ablate_avx512
#define SET_NAME "avx512"
#define FUSED 1
#define PANEL_VECTORS 4
#define RANDOM ablate_random_avx512
#define PAIRS
#define FIRST_LANES(count) ((__mmask16)((count) >= 16 ? 0xffff : (count) <= 0 ? 0 : (1u << (count)) - 1))
#define LOAD_FIRST(x, count) ((V)_mm512_maskz_loadu_ps(FIRST_LANES(count), x))
#define STORE_FIRST(target, x, count) _mm512_mask_storeu_ps(target, FIRST_LANES(count), (__m512)(x))
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma"))), apply_to = function)
#include "matrix_pairs.h"
#pragma clang attribute pop
#include "kernel_table.h"
#endif
