// The forms of the random numbers' kernel, one for each width of vectors, all of the same bits.
#pragma once
#include "include/random.h"

typedef void ablate_random_form(int law, char *out, long count, uint64_t key, uint32_t step, uint32_t below);

ablate_random_form ablate_random_portable;
#if defined(__x86_64__)
ablate_random_form ablate_random_avx2, ablate_random_avx512;
#endif
