// Counter-based random numbers: Philox4x32-10, with the same bits on every machine.
//
// A stream is named by a 64-bit key and a 32-bit step. Element e of a stream is a function of (key, step, e) alone, so a
// longer draw begins with the shorter one. Elements lie in blocks of 64 = 4 words × 16 counters, which suits vectors:
//
//     element e:  block b = e / 64,  word j = (e % 64) / 16,  lane c = e % 16,  index = 16 b + c
//     word      = philox4x32_10(counter: (index low, index high, step, 0), key: (key low, key high))[j]
//
// Source of the generator: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
// No write reaches past `count`. A count of zero or less writes nothing.
#pragma once
#include <stdint.h>

/// One application of Philox4x32-10: four counter words and two key words to four random words.
void ablate_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// The words of a stream as they are.
void ablate_random_words(uint32_t *out, long count, uint64_t key, uint32_t step);

/// Uniform numbers in the open interval (0, 1): odd multiples of 2^-24, (2k + 1) 2^-24 with k the top 23 bits of a word.
void ablate_random_uniform(float *out, long count, uint64_t key, uint32_t step);

/// Standard normal numbers by Box–Muller; magnitudes stay below sqrt(48 ln 2) = 5.77.
///
/// Words j = 0 and 1 of a counter give radius sqrt(-2 ln u) and angle, and with them elements j = 0 (cosine) and
/// j = 1 (sine); words 2 and 3 likewise.
void ablate_random_normal(float *out, long count, uint64_t key, uint32_t step);

/// Whole numbers 0 ..< below, floor(word · below / 2^32), as floats (exact for `below` up to 2^24).
///
/// The probability of each is within 2^-32 of 1 / below.
void ablate_random_integers(float *out, long count, uint64_t key, uint32_t step, uint32_t below);

/// What a stream's words become.
enum ablate_random_law {
    ablate_random_law_words = 0,
    ablate_random_law_uniform = 1,
    ablate_random_law_normal = 2,
    ablate_random_law_integers = 3,
};

/// A draw by the kernel of an instruction set, 0 ..< ablate_instruction_set_count(); for tests that all sets give the same bits.
void ablate_random_fill_on(int set, enum ablate_random_law law, void *out, long count, uint64_t key, uint32_t step, uint32_t below);
