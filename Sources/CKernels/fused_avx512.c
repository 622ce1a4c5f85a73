#define NAME(x) x##_avx512
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "fused_body.h"
#pragma clang attribute pop
