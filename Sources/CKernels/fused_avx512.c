#include <immintrin.h>

#define NAME(x) x##_avx512
#define STORE_FIRST(target, x, count) _mm512_mask_storeu_ps(target, (__mmask16)((1u << (count)) - 1), (__m512)(x))
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "fused_body.h"
#pragma clang attribute pop
