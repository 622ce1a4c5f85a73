// Small products in registers: 6 rows by up to a panel of columns at a time: 24 sums, as the sets with 32 wide registers have room for,
// or 12. Up to 8 columns behind whole vectors are half a one: attention of 49 tokens multiplies 56 columns, not 64.

// Attention of 49 tokens, on one core of a Zen 4: a·b of 49×32×49 at 57-60 GFLOP/s where a call of OpenBLAS for each has 50, a·bᵀ of
// 49×49×32 at 34 where that has 27.
INLINE void product_block(
    const ablate_products *s, const float *a, const float *b, long b_row, float *out, long rest, const int rows, const int vectors,
    const int half) {
    V sum[6][PANEL_VECTORS];
    H last[6];
    EACH(r, rows) {
        const float *target = out + r * s->out_row;
        EACH(v, vectors) sum[r][v] = s->adds ? *(const V *)(target + 16 * v) : (V)0.0f;
        if (half) last[r] = s->adds ? *(const H *)(target + 16 * vectors) : (H)0.0f;
    }
    for (long p = 0; p < s->k; p++) {
        V line[PANEL_VECTORS];
        H line_end = 0.0f;
        EACH(v, vectors) line[v] = *(const V *)(b + p * b_row + 16 * v);
        if (half) line_end = *(const H *)(b + p * b_row + 16 * vectors);
        EACH(r, rows) {
            const float factor = a[r * s->a_row + p * s->a_column];
            EACH(v, vectors) sum[r][v] = v_fma((V)factor, line[v], sum[r][v]);
            if (half) last[r] = h_fma((H)factor, line_end, last[r]);
        }
    }
    EACH(r, rows) {
        float *target = out + r * s->out_row;
        EACH(v, vectors - !half) *(V *)(target + 16 * v) = sum[r][v];
        const V end = half ? __builtin_shufflevector(last[r], last[r], 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7)
                           : sum[r][vectors - 1];
        store_first(target + 16 * (vectors - !half), end, rest);
    }
}

// packed[p, j] = b[j, p], for a b that runs along p.
static void pack(const ablate_products *s, const float *b, float *packed, long width) {
    const long whole_j = s->b_row == 1 ? s->n / 16 * 16 : 0, whole_p = s->k / 16 * 16;
    for (long j = 0; j < whole_j; j += 16) {
        for (long p = 0; p < whole_p; p += 16)
            transpose_block(b + j * s->b_column + p, s->b_column, packed + p * width + j, width);
        for (long p = whole_p; p < s->k; p++)
            for (long l = j; l < j + 16; l++) packed[p * width + l] = b[l * s->b_column + p];
    }
    for (long j = whole_j; j < s->n; j++)
        for (long p = 0; p < s->k; p++) packed[p * width + j] = b[j * s->b_column + p * s->b_row];
}

INLINE void product_columns(
    const ablate_products *s, const float *a, const float *b, long b_row, float *out, long rest, const int vectors,
    const int half) {
    long i = 0;
    for (; i + 6 <= s->m; i += 6) product_block(s, a + i * s->a_row, b, b_row, out + i * s->out_row, rest, 6, vectors, half);
    for (; i + 3 <= s->m; i += 3) product_block(s, a + i * s->a_row, b, b_row, out + i * s->out_row, rest, 3, vectors, half);
    for (; i < s->m; i++) product_block(s, a + i * s->a_row, b, b_row, out + i * s->out_row, rest, 1, vectors, half);
}

// For a b whose columns are neighbours.
static void product_in_order(const ablate_products *s, const float *a, const float *b, long b_row, float *out) {
    for (long j = 0; j < s->n; j += 16 * PANEL_VECTORS) {
        const long columns = least(16 * PANEL_VECTORS, s->n - j), halves = (columns + 7) / 8, rest = (columns - 1) % 16 + 1;
        switch (halves) {
        case 1: product_columns(s, a, b + j, b_row, out + j, rest, 0, 1); break;
        case 2: product_columns(s, a, b + j, b_row, out + j, rest, 1, 0); break;
#if PANEL_VECTORS > 1
        case 3: product_columns(s, a, b + j, b_row, out + j, rest, 1, 1); break;
        case 4: product_columns(s, a, b + j, b_row, out + j, rest, 2, 0); break;
        case 5: product_columns(s, a, b + j, b_row, out + j, rest, 2, 1); break;
        case 6: product_columns(s, a, b + j, b_row, out + j, rest, 3, 0); break;
        case 7: product_columns(s, a, b + j, b_row, out + j, rest, 3, 1); break;
        case 8: product_columns(s, a, b + j, b_row, out + j, rest, 4, 0); break;
#endif
        }
    }
}

#include "thin_body.h"

static void product_of_small(const ablate_products *s, const float *a, const float *b, float *out) {
    if (thin_product(s, a, b, out)) return;
    if (s->b_column == 1) return product_in_order(s, a, b, s->b_row, out);
    const long width = padded(s->n);
    pack(s, b, s->packed, width);
    product_in_order(s, a, s->packed, width, out);
}

static void products_run(const ablate_products *s) {
    long count = 1;
    for (int d = 0; d < s->rank; d++) count *= s->extent[d];
    for (long index = 0; index < count; index++) {
        long rest = index, a = 0, b = 0, out = 0;
        for (int d = s->rank - 1; d >= 0; d--) {
            const long place = rest % s->extent[d];
            rest /= s->extent[d];
            a += place * s->a_stride[d];
            b += place * s->b_stride[d];
            out += place * s->out_stride[d];
        }
        product_of_small(s, s->a + a, s->b + b, s->out + out);
    }
}
