// 16 × 16 numbers transposed in registers: loops that are not unrolled put them on the stack, and take four times as long. Where 16
// vectors of 16 do not fit in the registers, as four squares of 8 × 8.
#pragma once
#include "vector.h"

// Exchanges blocks of `count` lines, `distance` wide.
#define EXCHANGE(type, count, distance, ...)                                                                     \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < count; i++)                                           \
        if (!(i & distance)) {                                                                                   \
            const type a = line[i], b = line[i + distance];                                                      \
            line[i] = __builtin_shufflevector(a, b, __VA_ARGS__);                                                \
            line[i + distance] = __builtin_shufflevector(b, a, SECOND_##count##_##distance);                     \
        }
#define SECOND_16_8 24, 25, 26, 27, 28, 29, 30, 31, 8, 9, 10, 11, 12, 13, 14, 15
#define SECOND_16_4 20, 21, 22, 23, 4, 5, 6, 7, 28, 29, 30, 31, 12, 13, 14, 15
#define SECOND_16_2 18, 19, 2, 3, 22, 23, 6, 7, 26, 27, 10, 11, 30, 31, 14, 15
#define SECOND_16_1 17, 1, 19, 3, 21, 5, 23, 7, 25, 9, 27, 11, 29, 13, 31, 15
#define SECOND_8_4 12, 13, 14, 15, 4, 5, 6, 7
#define SECOND_8_2 10, 11, 2, 3, 14, 15, 6, 7
#define SECOND_8_1 9, 1, 11, 3, 13, 5, 15, 7

#if PANEL_VECTORS > 1
INLINE void transpose_lines(V line[16]) {
    EXCHANGE(V, 16, 8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
    EXCHANGE(V, 16, 4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
    EXCHANGE(V, 16, 2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
    EXCHANGE(V, 16, 1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
}
#endif

INLINE void transpose_half_lines(H line[8]) {
    EXCHANGE(H, 8, 4, 0, 1, 2, 3, 8, 9, 10, 11)
    EXCHANGE(H, 8, 2, 0, 1, 8, 9, 4, 5, 12, 13)
    EXCHANGE(H, 8, 1, 0, 8, 2, 10, 4, 12, 6, 14)
}

// out[p, j] = in[j, p] for j, p < 16.
INLINE void transpose_block(const float *in, long in_row, float *out, long out_row) {
#if PANEL_VECTORS > 1
    V line[16];
    EACH(i, 16) line[i] = *(const V *)(in + i * in_row);
    transpose_lines(line);
    EACH(i, 16) *(V *)(out + i * out_row) = line[i];
#else
    for (int j = 0; j < 16; j += 8)
        for (int p = 0; p < 16; p += 8) {
            H line[8];
            EACH(i, 8) line[i] = *(const H *)(in + (j + i) * in_row + p);
            transpose_half_lines(line);
            EACH(i, 8) *(H *)(out + (p + i) * out_row + j) = line[i];
        }
#endif
}

// 16 vectors exchanged with their columns.
INLINE void transpose_square(V line[16]) {
#if PANEL_VECTORS > 1
    transpose_lines(line);
#else
    float turned[256];
    transpose_block((const float *)line, 16, turned, 16);
    __builtin_memcpy(line, turned, sizeof turned);
#endif
}

// out[p, j] = in[j, p] for the first lines of a block and the first numbers of each; columns of `out` behind the lines are 0.
INLINE void transpose_part(const float *in, long in_row, long lines, long numbers, float *out, long out_row) {
    if (lines >= 16 && numbers >= 16) return transpose_block(in, in_row, out, out_row);
#if PANEL_VECTORS > 1
    V line[16];
    EACH(i, 16)
        line[i] = i >= lines ? (V)0.0f : numbers >= 16 ? *(const V *)(in + i * in_row) : load_first(in + i * in_row, numbers);
    transpose_lines(line);
    EACH(i, 16)
        if (i < numbers) *(V *)(out + i * out_row) = line[i];
#else
    for (long p = 0; p < least(16, numbers); p++)
        for (long j = 0; j < 16; j++) out[p * out_row + j] = j < lines ? in[j * in_row + p] : 0.0f;
#endif
}
