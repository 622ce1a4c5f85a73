#define NAME(x) x##_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "fused_body.h"
#pragma clang attribute pop
