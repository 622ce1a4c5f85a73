// The random fill for one instruction set. Included by random.c several times, each time with
//     LANES        32-bit lanes in a vector: 4, 8 or 16, a divisor of 16
//     NAMED(name)  the name with the variant's suffix
//     TARGET       the function attribute that allows the instruction set
// Everything here is whole-number arithmetic or an IEEE add, multiply, divide or square root in one fixed order, so the
// variants agree in every bit.

#define words NAMED(words)
#define signed_words NAMED(signed_words)
#define pairs NAMED(pairs)
#define floats NAMED(floats)
#define INLINE TARGET static inline __attribute__((always_inline))

typedef uint32_t words __attribute__((vector_size(4 * LANES)));
typedef int32_t signed_words __attribute__((vector_size(4 * LANES)));
typedef uint64_t pairs __attribute__((vector_size(4 * LANES)));
typedef float floats __attribute__((vector_size(4 * LANES)));

/// The 64-bit product of each lane with a factor: its high words, and its low words to `low`.
///
/// Even and odd lanes are multiplied in place as 64-bit lanes, which needs no widening shuffle.
INLINE words NAMED(multiply)(words value, uint32_t factor, words *low) {
    const pairs even = ((pairs)value & 0xffffffffu) * (uint64_t)factor;
    const pairs odd = ((pairs)value >> 32) * (uint64_t)factor;
    *low = (words)((even & 0xffffffffu) | (odd << 32));
    return (words)((even >> 32) | (odd & 0xffffffff00000000u));
}

/// Ten rounds of Philox4x32 on LANES counters at once, in place.
INLINE void NAMED(philox)(words counter[4], uint64_t key) {
    uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        words low0, low1;
        const words high0 = NAMED(multiply)(counter[0], PHILOX_M0, &low0);
        const words high1 = NAMED(multiply)(counter[2], PHILOX_M1, &low1);
        counter[0] = high1 ^ counter[1] ^ key0;
        counter[1] = low1;
        counter[2] = high0 ^ counter[3] ^ key1;
        counter[3] = low0;
        key0 += PHILOX_W0;
        key1 += PHILOX_W1;
    }
}

INLINE floats NAMED(unit)(words value) {
    return __builtin_convertvector((signed_words)((value >> 9) * 2 + 1), floats) * 0x1p-24f;
}

/// sqrt(-2 ln u) for u in (0, 1).
///
/// u = 2^e m with m in [sqrt ½, sqrt 2), f = m - 1, and ln u = e ln 2 + f - f²/2 + f³ P(f).
/// P: near-minimax for the relative error of ln m (below 4e-8), fitted in float64 for this file.
INLINE floats NAMED(radius)(floats uniform) {
    const signed_words exponent = (signed_words)((words)uniform - 0x3f3504f3u) >> 23;
    const floats f = (floats)((words)uniform - ((words)exponent << 23)) - 1.0f;
    floats p = f * 0.0891787f - 0.14350201f;
    p = p * f + 0.14876962f;
    p = p * f - 0.16565634f;
    p = p * f + 0.19965398f;
    p = p * f - 0.25001746f;
    p = p * f + 0.3333386f;
    const floats square = f * f;
    const floats mantissa = f + (p * f - 0.5f) * square;
    const floats logarithm = __builtin_convertvector(exponent, floats) * 0x1.62e43p-1f + mantissa;
    return __builtin_elementwise_sqrt(logarithm * -2.0f);
}

/// Cosine and sine of 2π word / 2^32.
///
/// word = 2^30 q + r with |r| ≤ 2^29, x = r (π/2) 2^-30 in [-π/4, π/4], then the quadrant q swaps and negates.
/// Polynomials: near-minimax, errors below 4e-9 (sine) and 1e-10 (cosine), fitted in float64 for this file.
INLINE void NAMED(circle)(words value, floats *cosine, floats *sine) {
    const words quadrant = (value + 0x20000000u) >> 30;
    const floats x = __builtin_convertvector((signed_words)(value - (quadrant << 30)), floats) * 0x1.921fb6p-30f;
    const floats y = x * x;
    const floats s = x + ((y * -0.000195173f + 0.008332178f) * y - 0.16666655f) * y * x;
    const floats c = ((y * 2.4438452e-05f - 0.0013887368f) * y + 0.041666646f) * y * y + (1.0f - 0.5f * y);
    const words swapped = -(quadrant & 1);
    const words first = ((words)s & swapped) | ((words)c & ~swapped);
    const words second = ((words)c & swapped) | ((words)s & ~swapped);
    *cosine = (floats)(first ^ (((quadrant + 1) & 2) << 30));
    *sine = (floats)(second ^ ((quadrant & 2) << 30));
}

INLINE void NAMED(transform)(words value[4], int law, uint32_t below) {
    if (law == ablate_random_law_uniform) {
        for (int j = 0; j < 4; j++) value[j] = (words)NAMED(unit)(value[j]);
    } else if (law == ablate_random_law_normal) {
        for (int j = 0; j < 4; j += 2) {
            floats cosine, sine;
            const floats radius = NAMED(radius)(NAMED(unit)(value[j]));
            NAMED(circle)(value[j + 1], &cosine, &sine);
            value[j] = (words)(radius * cosine);
            value[j + 1] = (words)(radius * sine);
        }
    } else if (law == ablate_random_law_integers) {
        words low;
        for (int j = 0; j < 4; j++) {
            const words whole = NAMED(multiply)(value[j], below, &low);
            value[j] = (words)__builtin_convertvector((signed_words)whole, floats);
        }
    }
}

/// Sixteen counters, from 16 · block on, to 64 elements of four bytes.
INLINE void NAMED(fill_block)(char *out, uint64_t block, int law, uint64_t key, uint32_t step, uint32_t below) {
    for (int lane = 0; lane < BLOCK_COUNTERS; lane += LANES) {
        const uint64_t index = block * BLOCK_COUNTERS + (uint64_t)lane;
        words value[4] = {{0}, {0}, {0}, {0}};
        // The low four bits of a block's first index are zero, so no lane carries into the high word.
        for (int i = 0; i < LANES; i++) value[0][i] = (uint32_t)index + (uint32_t)i;
        value[1] += (uint32_t)(index >> 32);
        value[2] += step;
        NAMED(philox)(value, key);
        NAMED(transform)(value, law, below);
        for (int j = 0; j < 4; j++) {
            __builtin_memcpy(out + 4 * (BLOCK_COUNTERS * j + lane), &value[j], sizeof value[j]);
        }
    }
}

TARGET void NAMED(ablate_random)(int law, char *out, long count, uint64_t key, uint32_t step, uint32_t below) {
    for (long start = 0; start < count; start += BLOCK_ELEMENTS) {
        const uint64_t block = (uint64_t)(start / BLOCK_ELEMENTS);
        const long remaining = count - start;
        if (remaining >= BLOCK_ELEMENTS) {
            NAMED(fill_block)(out + 4 * start, block, law, key, step, below);
        } else {
            char last[4 * BLOCK_ELEMENTS];
            NAMED(fill_block)(last, block, law, key, step, below);
            memcpy(out + 4 * start, last, (size_t)(4 * remaining));
        }
    }
}

#undef words
#undef signed_words
#undef pairs
#undef floats
#undef INLINE
#undef LANES
#undef NAMED
#undef TARGET
