// Picks the kernels for the processor, once.
#include "include/attention.h"
#include "include/fused.h"
#include "include/products.h"

#define EACH_SET(declare) declare(avx512) declare(avx2) declare(baseline)
#define DECLARE(set)                                                                                     \
    void ablate_fused_run_##set(const ablate_fused *chain, long band);                                   \
    void ablate_sum_##set(float *out, const float *in, long outer, long reduced, long inner);            \
    void ablate_largest_##set(float *out, const float *in, long outer, long reduced, long inner);        \
    void ablate_products_run_##set(const ablate_products *stack);                                        \
    void ablate_attention_run_##set(const ablate_attention *attention, long band);
EACH_SET(DECLARE)

typedef enum { BASELINE, AVX2, AVX512 } set;

static set current(void) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return AVX512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? AVX2 : BASELINE;
}

const char *ablate_instruction_set(void) {
    static const char *const names[] = {"baseline", "avx2", "avx512"};
    return names[current()];
}

#define RUN_ON(function, set, ...)                                   \
    switch (set) {                                                   \
    case AVX512: function##_avx512(__VA_ARGS__); return;             \
    case AVX2: function##_avx2(__VA_ARGS__); return;                 \
    case BASELINE: function##_baseline(__VA_ARGS__); return;         \
    }

#define DISPATCH(function, ...) RUN_ON(function, current(), __VA_ARGS__)

void ablate_fused_run(const ablate_fused *chain, long band) { DISPATCH(ablate_fused_run, chain, band) }

void ablate_sum(float *out, const float *in, long outer, long reduced, long inner) {
    DISPATCH(ablate_sum, out, in, outer, reduced, inner)
}

void ablate_largest(float *out, const float *in, long outer, long reduced, long inner) {
    DISPATCH(ablate_largest, out, in, outer, reduced, inner)
}

void ablate_products_run(const ablate_products *stack) { DISPATCH(ablate_products_run, stack) }

void ablate_attention_run(const ablate_attention *attention, long band) {
    DISPATCH(ablate_attention_run, attention, band)
}

int ablate_instruction_set_count(void) { return current() + 1; }

void ablate_fused_run_on(int set, const ablate_fused *chain, long band) { RUN_ON(ablate_fused_run, set, chain, band) }

void ablate_products_run_on(int set, const ablate_products *stack) { RUN_ON(ablate_products_run, set, stack) }

void ablate_attention_run_on(int set, const ablate_attention *attention, long band) {
    RUN_ON(ablate_attention_run, set, attention, band)
}
