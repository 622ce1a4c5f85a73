// For x86 processors with AVX2 and fused multiply-adds.
#if defined(__x86_64__)
#define KERNEL_SET ablate_avx2
#define SET_NAME "avx2"
#define FUSED 1
#define PANEL_VECTORS 1
#define RANDOM ablate_random_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#include "kernel_table.h"
#endif
