// Reductions of rows within a tile, and their way back to elements. A row's last vector is read past its end, into the next row or
// the padding, and what is not the row's is masked.

typedef void (*row_operation)(float *out, const float *in, const float *elements, long rows, long row);

// A tree over the lanes: four shuffles where adding lane by lane waits sixteen times.
#define ACROSS(v, combine)                                                                                       \
    ({                                                                                                           \
        typedef float V8 __attribute__((ext_vector_type(8)));                                                    \
        typedef float V4 __attribute__((ext_vector_type(4)));                                                    \
        V8 a8 = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);                                           \
        V8 b8 = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);                                     \
        V8 c8 = combine(a8, b8);                                                                                 \
        V4 a4 = __builtin_shufflevector(c8, c8, 0, 1, 2, 3), b4 = __builtin_shufflevector(c8, c8, 4, 5, 6, 7);   \
        V4 c4 = combine(a4, b4);                                                                                 \
        float left = combine(c4[0], c4[2]), right = combine(c4[1], c4[3]);                                       \
        combine(left, right);                                                                                    \
    })
#define SUM_OF(a, b) ((a) + (b))
#define LARGER_OF(a, b) ((a) > (b) ? (a) : (b))

INLINE float across(V v) { return ACROSS(v, SUM_OF); }

static const I lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

#define REDUCE_ROWS(name, combine, neutral)                                                                      \
    static void row_##name(float *out, const float *in, const float *elements, long rows, long row) {            \
        (void)elements;                                                                                          \
        const long whole = row / 16 * 16;                                                                        \
        const I is_rest = lane_numbers < (I)((int32_t)(row - whole));                                            \
        for (long r = 0; r < rows; r++, in += row) {                                                             \
            V total = (V)(neutral);                                                                              \
            for (long i = 0; i < whole; i += 16) total = combine(total, *(const V *)(in + i));                   \
            if (whole < row) {                                                                                   \
                V rest = *(const V *)(in + whole);                                                               \
                total = combine(total, (is_rest ? rest : (V)(neutral)));                                         \
            }                                                                                                    \
            out[r] = ACROSS(total, combine);                                                                     \
        }                                                                                                        \
    }

REDUCE_ROWS(sum, SUM_OF, 0.0f)
REDUCE_ROWS(largest, LARGER_OF, -__builtin_inff())

// Whole vectors: what falls past the row is the next one's, or the register's spare room.
#define WITH_NUMBERS(name, expression)                                                                           \
    static void row_##name(float *out, const float *in, const float *elements, long rows, long row) {            \
        for (long r = 0; r < rows; r++, out += row, elements += row) {                                           \
            const V number = (V)in[r];                                                                           \
            for (long i = 0; i < row; i += 16) {                                                                 \
                const V element = *(const V *)(elements + i);                                                    \
                (void)element;                                                                                   \
                *(V *)(out + i) = (expression);                                                                  \
            }                                                                                                    \
        }                                                                                                        \
    }

WITH_NUMBERS(spread, number)
WITH_NUMBERS(add, element + number)
WITH_NUMBERS(subtract, element - number)
WITH_NUMBERS(multiply, element *number)

// From ABLATE_ROW_SUM on.
static const row_operation row_table[] = {row_sum, row_largest, row_spread, row_add, row_subtract, row_multiply};
