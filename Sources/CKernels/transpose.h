// 16 × 16 numbers transposed in registers: loops that are not unrolled put them on the stack, and take four times as long.
#pragma once
#include "vector.h"

// Exchanges blocks of the lines, `distance` wide.
#define EXCHANGE(distance, ...)                                                                                  \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++)                                               \
        if (!(i & distance)) {                                                                                   \
            const V a = line[i], b = line[i + distance];                                                         \
            line[i] = __builtin_shufflevector(a, b, __VA_ARGS__);                                                \
            line[i + distance] = __builtin_shufflevector(b, a, SECOND_##distance);                               \
        }
#define SECOND_8 24, 25, 26, 27, 28, 29, 30, 31, 8, 9, 10, 11, 12, 13, 14, 15
#define SECOND_4 20, 21, 22, 23, 4, 5, 6, 7, 28, 29, 30, 31, 12, 13, 14, 15
#define SECOND_2 18, 19, 2, 3, 22, 23, 6, 7, 26, 27, 10, 11, 30, 31, 14, 15
#define SECOND_1 17, 1, 19, 3, 21, 5, 23, 7, 25, 9, 27, 11, 29, 13, 31, 15

INLINE void transpose_lines(V line[16]) {
    EXCHANGE(8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
    EXCHANGE(4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
    EXCHANGE(2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
    EXCHANGE(1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
}
