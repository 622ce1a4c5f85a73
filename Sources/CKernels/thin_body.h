// Products with few columns, where a vector of columns would be mostly padding: lanes run along the depth, or along the rows. Of a
// perceptron in the plane, 1024×2×256 takes 22 to 27 μs where columns in lanes took 75, 256'×2×1024 takes 100 where it took 175.
// Rows are asked for two blocks ahead, without which 1024×2×256 takes a third longer from beyond the second-level cache. How many
// sums are in registers is no matter of bits: each is its own.

enum { THIN_ROWS = PANEL_VECTORS > 1 ? 4 : 2, THIN_VECTORS = PANEL_VECTORS > 1 ? 8 : 2 };

// Rows by columns, each element a sum over lanes of the depth: a's neighbours are along it, b is packed column by column.
INLINE void thin_block(
    const ablate_products *s, const float *a, const float *b, long width, float *out, const int rows, const int columns) {
    V sum[THIN_ROWS][2];
    EACH(r, rows)
        EACH(c, columns) sum[r][c] = (V)0.0f;
    for (long p = 0; p < s->k; p += 16) {
        const I is_there = lane_numbers < (I)((int32_t)(s->k - p));
        EACH(r, rows) {
            __builtin_prefetch(a + (r + 2 * rows) * s->a_row + p);
            const V line = is_there ? *(const V *)(a + r * s->a_row + p) : (V)0.0f;
            EACH(c, columns) sum[r][c] = v_fma(line, *(const V *)(b + c * width + p), sum[r][c]);
        }
    }
    EACH(r, rows)
        EACH(c, columns) {
            float *target = out + r * s->out_row + c;
            *target = across(sum[r][c]) + (s->adds ? *target : 0.0f);
        }
}

INLINE void thin_rows(const ablate_products *s, const float *a, const float *b, long width, float *out, const int columns) {
    long i = 0;
    for (; i + THIN_ROWS <= s->m; i += THIN_ROWS)
        thin_block(s, a + i * s->a_row, b, width, out + i * s->out_row, THIN_ROWS, columns);
    for (; i < s->m; i++) thin_block(s, a + i * s->a_row, b, width, out + i * s->out_row, 1, columns);
}

// The same with rows in the lanes, up to THIN_VECTORS vectors of them: a's neighbours are along them.
INLINE void thin_lanes(const ablate_products *s, const float *a, const float *b, float *out, long rows, const int vectors, const int columns) {
    V sum[2][THIN_VECTORS];
    float lanes[2][16 * THIN_VECTORS];
    EACH(c, columns)
        EACH(v, vectors) sum[c][v] = (V)0.0f;
    for (long p = 0; p < s->k; p++)
        EACH(v, vectors) {
            __builtin_prefetch(a + (p + 8) * s->a_column + 16 * v);
            const V line = *(const V *)(a + p * s->a_column + 16 * v);
            EACH(c, columns)
                sum[c][v] = v_fma(line, (V)b[p * s->b_row + c * s->b_column], sum[c][v]);
        }
    EACH(c, columns)
        EACH(v, vectors) *(V *)(lanes[c] + 16 * v) = sum[c][v];
    for (long i = 0; i < rows; i++)
        EACH(c, columns) {
            float *target = out + i * s->out_row + c;
            *target = lanes[c][i] + (s->adds ? *target : 0.0f);
        }
}

INLINE void thin_columns(const ablate_products *s, const float *a, const float *b, float *out, const int columns) {
    if (s->a_column == 1) {
        const long width = padded(s->k);
        EACH(c, columns)
            for (long p = 0; p < width; p++) s->packed[c * width + p] = p < s->k ? b[p * s->b_row + c * s->b_column] : 0.0f;
        return thin_rows(s, a, s->packed, width, out, columns);
    }
    long i = 0;
    const long rows = 16 * THIN_VECTORS;
    for (; i + rows <= s->m; i += rows) thin_lanes(s, a + i, b, out + i * s->out_row, rows, THIN_VECTORS, columns);
    for (; i < s->m; i += 16) thin_lanes(s, a + i, b, out + i * s->out_row, least(16, s->m - i), 1, columns);
}

// Whether it is one, of at least a vector of depth; its columns are done two at a time.
static int thin_product(const ablate_products *s, const float *a, const float *b, float *out) {
    if (s->n >= ABLATE_THIN_COLUMNS || s->k < 16 || (s->a_column != 1 && s->a_row != 1)) return 0;
    long j = 0;
    for (; j + 2 <= s->n; j += 2) thin_columns(s, a, b + j * s->b_column, out + j, 2);
    if (j < s->n) thin_columns(s, a, b + j * s->b_column, out + j, 1);
    return 1;
}
