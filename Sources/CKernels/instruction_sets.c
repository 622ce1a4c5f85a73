// Picks the kernels for the processor, once.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_set.h"

static const ablate_kernel_set *const sets[] = {
    &ablate_portable,
#if defined(__x86_64__)
    &ablate_avx2,
    &ablate_avx512,
#elif defined(__aarch64__)
    &ablate_neon,
#endif
};

int ablate_instruction_set_count(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 1;
    const int has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                           && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return has_avx512 ? 3 : 2;
#else
    return sizeof sets / sizeof *sets;
#endif
}

const char *ablate_instruction_set_name(int set) { return sets[set]->name; }

static int chosen(void) {
    const char *wanted = getenv("ABLATE_INSTRUCTIONS");
    const int count = ablate_instruction_set_count();
    for (int set = 0; wanted && set < count; set++)
        if (strcmp(wanted, sets[set]->name) == 0) return set;
    return count - 1;
}

int ablate_instruction_set(void) {
    static atomic_int known;  // one more than the set; 0 where none is known
    const int before = atomic_load_explicit(&known, memory_order_relaxed);
    if (before > 0) return before - 1;
    const int set = chosen();
    atomic_store_explicit(&known, set + 1, memory_order_relaxed);
    return set;
}

static const ablate_kernel_set *current(void) { return sets[ablate_instruction_set()]; }

void ablate_fused_run(const ablate_fused *kernel, long batch_tile) { current()->fused_run(kernel, batch_tile); }
void ablate_fused_run_on(int set, const ablate_fused *kernel, long batch_tile) { sets[set]->fused_run(kernel, batch_tile); }

void ablate_sum(float *out, const float *in, long outer, long reduced, long inner) {
    current()->sum(out, in, outer, reduced, inner);
}

void ablate_sum_on(int set, float *out, const float *in, long outer, long reduced, long inner) {
    sets[set]->sum(out, in, outer, reduced, inner);
}

void ablate_largest(float *out, const float *in, long outer, long reduced, long inner) {
    current()->largest(out, in, outer, reduced, inner);
}

void ablate_largest_on(int set, float *out, const float *in, long outer, long reduced, long inner) {
    sets[set]->largest(out, in, outer, reduced, inner);
}

void ablate_products_run(const ablate_products *stack) { current()->products_run(stack); }
void ablate_products_run_on(int set, const ablate_products *stack) { sets[set]->products_run(stack); }

void ablate_attention_run(const ablate_attention *attention, long batch_tile) { current()->attention_run(attention, batch_tile); }
void ablate_attention_run_on(int set, const ablate_attention *attention, long batch_tile) {
    sets[set]->attention_run(attention, batch_tile);
}

static int has_pairs(const ablate_kernel_set *set) {
#if defined(__x86_64__)
    return set->pairs.product && __builtin_cpu_supports("avx512bf16");
#else
    return set->pairs.product != 0;
#endif
}

static const ablate_matrix_kernels *of_kind(const ablate_kernel_set *set, ablate_matrix_kind kind) {
    if (kind == ABLATE_MATRIX_FLOAT32) return &set->float32;
    return has_pairs(set) ? &set->pairs : &set->rounded;
}

long ablate_matrix_packed_floats(ablate_matrix_kind kind, long n, long k) { return of_kind(current(), kind)->packed_floats(n, k); }

void ablate_matrix_pack(ablate_matrix_kind kind, const ablate_matrix_product *product, float *panels) {
    of_kind(current(), kind)->pack(product, panels);
}

void ablate_matrix_run(ablate_matrix_kind kind, const ablate_matrix_product *product) { of_kind(current(), kind)->product(product); }
void ablate_matrix_run_on(int set, ablate_matrix_kind kind, const ablate_matrix_product *product) {
    of_kind(sets[set], kind)->product(product);
}

void ablate_random_fill_on(int set, enum ablate_random_law law, void *out, long count, uint64_t key, uint32_t step, uint32_t below) {
    sets[set]->random(law, out, count, key, step, below);
}

static void fill(enum ablate_random_law law, void *out, long count, uint64_t key, uint32_t step, uint32_t below) {
    current()->random(law, out, count, key, step, below);
}

void ablate_random_words(uint32_t *out, long count, uint64_t key, uint32_t step) {
    fill(ablate_random_law_words, out, count, key, step, 0);
}

void ablate_random_uniform(float *out, long count, uint64_t key, uint32_t step) {
    fill(ablate_random_law_uniform, out, count, key, step, 0);
}

void ablate_random_normal(float *out, long count, uint64_t key, uint32_t step) {
    fill(ablate_random_law_normal, out, count, key, step, 0);
}

void ablate_random_integers(float *out, long count, uint64_t key, uint32_t step, uint32_t below) {
    fill(ablate_random_law_integers, out, count, key, step, below);
}
