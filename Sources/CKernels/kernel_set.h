// The kernels of one instruction set, as a table: what an instruction set is to the rest.
#pragma once
#include <stdint.h>

#include "include/attention.h"
#include "include/fused.h"
#include "include/instructions.h"
#include "include/matrix.h"
#include "include/products.h"
#include "random_forms.h"

typedef struct {
    long (*packed_floats)(long n, long k);
    void (*pack)(const ablate_matrix_product *product, float *panels);
    void (*product)(const ablate_matrix_product *product);
} ablate_matrix_kernels;

typedef struct {
    const char *name;
    void (*fused_run)(const ablate_fused *kernel, long batch_tile);
    void (*sum)(float *out, const float *in, long outer, long reduced, long inner);
    void (*largest)(float *out, const float *in, long outer, long reduced, long inner);
    void (*products_run)(const ablate_products *stack);
    void (*attention_run)(const ablate_attention *attention, long batch_tile);
    ablate_matrix_kernels float32, rounded;
    ablate_matrix_kernels pairs;  // of bfloat16 numbers by instructions for them; null where the set has none
    ablate_random_form *random;
} ablate_kernel_set;

extern const ablate_kernel_set ablate_portable;
#if defined(__x86_64__)
extern const ablate_kernel_set ablate_avx2, ablate_avx512;
#elif defined(__aarch64__)
extern const ablate_kernel_set ablate_neon;
#endif
