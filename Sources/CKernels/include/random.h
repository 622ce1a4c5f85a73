#pragma once
#include <stdint.h>
void ablate_random_uniform(float *out, long count, uint64_t key, uint32_t step);
void ablate_random_normal(float *out, long count, uint64_t key, uint32_t step);
void ablate_random_integers(float *out, long count, uint64_t key, uint32_t step, uint32_t below);
