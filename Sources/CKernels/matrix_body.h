// Matrix products in blocks: operands are packed into words of 4 bytes, UNIT numbers of neighbouring depth in each, so that a vector
// holds 16 columns; 6 rows by 64 columns are summed in registers. Rows of a that are such words as they lie are not packed. Included
// for each kind of word, with
//     NAME(x)                     a name with the kind's suffix
//     UNIT                        numbers in a word
//     BLOCK_COLUMNS               of b that are packed at a time
//     words_across(even, odd)     words of numbers whose neighbours in depth are in two vectors
//     words_along(x, count)       16 words of count neighbours in depth, and zeros
//     add_products(sum, f, line)  sum + f · line, word by word

// 16 words of an x whose neighbours are along j, of which `depth` rows and `count` columns are left: packed, and returned.
INLINE __m512i NAME(pack_line)(const float *x, long x_row, long depth, long count, uint32_t *packed) {
    for (int u = 0; u < UNIT; u++) _mm_prefetch((const char *)(x + (AHEAD + u) * x_row), _MM_HINT_T0);
    const __m512 odd = UNIT > 1 && depth > 1 ? load(x + x_row, count) : _mm512_setzero_ps();
    const __m512i words = NAME(words_across)(load(x, count), odd);
    _mm512_storeu_si512(packed, words);
    return words;
}

// packed[p / UNIT][j] = x[p …, j].
static void NAME(pack_across)(const float *x, long x_row, long depth, long count, uint32_t *packed, long width) {
    for (long p = 0; p < depth; p += UNIT)
        for (long j = 0; j < width; j += 16)
            NAME(pack_line)(x + p * x_row + j, x_row, depth - p, count - j, packed + p / UNIT * width + j);
}

// The same for an x whose neighbours are along p, its columns `x_column` apart.
static void NAME(pack_along)(const float *x, long x_column, long depth, long count, uint32_t *packed, long width) {
    for (long j = 0; j < width; j += 16)
        for (long p = 0; p < depth; p += 16 * UNIT) {
            V line[16];
            for (int i = 0; i < 16; i++)
                line[i] = j + i < count ? (V)NAME(words_along)(x + (j + i) * x_column + p, depth - p) : (V)0.0f;
            transpose_lines(line);
            for (long i = 0; i < 16 && p + UNIT * i < depth; i++) *(V *)(packed + (p / UNIT + i) * width + j) = line[i];
        }
}

// packed[i][p / UNIT] = x[i, p …].
static void NAME(pack_rows)(const float *x, long x_row, long depth, long count, uint32_t *packed) {
    for (long i = 0; i < count; i++)
        for (long p = 0; p < depth; p += 16 * UNIT)
            _mm512_storeu_si512(packed + i * (DEPTH / UNIT) + p / UNIT, NAME(words_along)(x + i * x_row + p, depth - p));
}

INLINE void NAME(multiply_rows)(const panel *s, long first, const int rows, const int vectors, const int packs) {
    __m512 sum[ROWS][4];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_setzero_ps();
    const uint32_t *a = s->a + first * s->a_row;
    uint32_t *b = s->b;
    const float *source = s->source;
    const long a_row = s->a_row;
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) _mm_prefetch((const char *)(s->out + (first + r) * s->out_row + 16 * v), _MM_HINT_T0);
    foresight *next = nearest(s->next);
    const long fetches = least(vectors_left(next), s->words), per_row = next->vectors, skip = next->stride - 16 * per_row;
    const float *ahead = next->row + 16 * next->done;
    long rest = per_row - next->done;
    for (long p = 0; p < s->words; p++, a += s->a_word, b += s->width) {
        if (p < fetches) {
            _mm_prefetch((const char *)ahead, _MM_HINT_T1);
            ahead += 16;
            if (--rest == 0) ahead += skip, rest = per_row;
        }
        __m512i line[4];
        for (int v = 0; v < vectors; v++)
            line[v] = packs ? NAME(pack_line)(
                                  source + 16 * v, s->source_row, s->depth - p * UNIT, s->columns - 16 * v, b + 16 * v)
                            : _mm512_loadu_si512(b + 16 * v);
        if (packs) source += UNIT * s->source_row;
        for (int r = 0; r < rows; r++) {
            const __m512i factor = _mm512_set1_epi32((int)a[r * a_row]);
            for (int v = 0; v < vectors; v++) sum[r][v] = NAME(add_products)(sum[r][v], factor, line[v]);
        }
    }
    go_on(next, fetches);
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) {
            float *target = s->out + (first + r) * s->out_row + 16 * v;
            const __mmask16 mask = lanes(s->columns - 16 * v);
            const __m512 before = s->adds ? _mm512_maskz_loadu_ps(mask, target) : _mm512_setzero_ps();
            __m512 total = _mm512_add_ps(before, sum[r][v]);
            if (s->bias) total = _mm512_add_ps(total, _mm512_maskz_loadu_ps(mask, s->bias + 16 * v));
            _mm512_mask_storeu_ps(target, mask, total);
        }
}

INLINE void NAME(multiply_panel)(const panel *s, long rows, const int vectors) {
    long i = 0;
    if (s->source) NAME(multiply_rows)(s, 0, ROWS, vectors, 1), i += ROWS;
    for (; i + ROWS <= rows; i += ROWS) NAME(multiply_rows)(s, i, ROWS, vectors, 0);
    if (i + 4 <= rows) NAME(multiply_rows)(s, i, 4, vectors, 0), i += 4;
    if (i + 2 <= rows) NAME(multiply_rows)(s, i, 2, vectors, 0), i += 2;
    if (i < rows) NAME(multiply_rows)(s, i, 1, vectors, 0);
}

// Inlined, so that where it stands in what comes next stays in registers: a call costs bfloat16 a tenth.
INLINE void NAME(multiply)(const panel *s, long rows) {
    switch (s->width / 16) {
    case 1: NAME(multiply_panel)(s, rows, 1); break;
    case 2: NAME(multiply_panel)(s, rows, 2); break;
    case 3: NAME(multiply_panel)(s, rows, 3); break;
    default: NAME(multiply_panel)(s, rows, 4); break;
    }
}

// Up to 64 columns of b.
static void NAME(pack_panel)(const ablate_matrix_product *s, long p, long depth, long j, long columns, uint32_t *packed) {
    const float *b = s->b + p * s->b_row + j * s->b_column;
    if (s->b_column == 1) NAME(pack_across)(b, s->b_row, depth, columns, packed, padded(columns));
    else NAME(pack_along)(b, s->b_column, depth, columns, packed, padded(columns));
}

// Where the block of b from row p and column j on lies among all that are packed.
INLINE long NAME(panel_place)(const ablate_matrix_product *s, long p, long j, long columns) {
    return j * ((s->k + UNIT - 1) / UNIT) + padded(columns) * (p / UNIT);
}

void NAME(ablate_matrix_pack)(const ablate_matrix_product *s, uint32_t *panels) {
    for (long j = 0; j < s->n; j += BLOCK_COLUMNS)
        for (long p = 0; p < s->k; p += DEPTH) {
            const long columns = least(BLOCK_COLUMNS, s->n - j), depth = least(DEPTH, s->k - p);
            uint32_t *block = panels + NAME(panel_place)(s, p, j, columns);
            for (long c = 0; c < columns; c += COLUMNS)
                NAME(pack_panel)(s, p, depth, j + c, least(COLUMNS, columns - c), block + c * ((depth + UNIT - 1) / UNIT));
        }
}

// What some rows and columns of b are packed from; nothing where they lie packed.
INLINE foresight NAME(part_of_b)(const ablate_matrix_product *s, long p, long depth, long j, long columns) {
    if (s->panels || columns <= 0) return (foresight){0};
    const float *from = s->b + p * s->b_row + j * s->b_column;
    return s->b_column == 1 ? (foresight){.row = from, .stride = s->b_row, .vectors = padded(columns) / 16, .rows = depth}
                            : (foresight){.row = from, .stride = s->b_column, .vectors = padded(depth) / 16, .rows = columns};
}

// The block of b that comes after one.
INLINE foresight NAME(block_after)(const ablate_matrix_product *s, long p, long j) {
    p += DEPTH;
    if (p >= s->k) p = 0, j += BLOCK_COLUMNS;
    return NAME(part_of_b)(s, p, least(DEPTH, s->k - p), j, least(BLOCK_COLUMNS, s->n - j));
}

// The rows of a that come after some, or those that the next block of b begins with.
INLINE foresight NAME(rows_after)(const ablate_matrix_product *s, long i, long p) {
    i += BLOCK_ROWS;
    if (i >= s->m) i = 0, p += DEPTH;
    if (p >= s->k) return (foresight){0};
    const long rows = least(BLOCK_ROWS, s->m - i), depth = least(DEPTH, s->k - p);
    const float *from = s->a + i * s->a_row + p * s->a_column;
    return s->a_column == 1 ? (foresight){.row = from, .stride = s->a_row, .vectors = padded(depth) / 16, .rows = rows}
                            : (foresight){.row = from, .stride = s->a_column, .vectors = padded(rows) / 16, .rows = depth};
}

// The rows of a behind those that the first block begins with, where they are read as they lie.
INLINE foresight NAME(rows_within)(const ablate_matrix_product *s, long p, long rows, long depth) {
    if (UNIT > 1 || s->a_column != 1 || rows <= ROWS) return (foresight){0};
    return (foresight){.row = s->a + ROWS * s->a_row + p, .stride = s->a_row, .vectors = padded(depth) / 16, .rows = rows - ROWS};
}

void NAME(ablate_matrix_product)(const ablate_matrix_product *s) {
    uint32_t a[BLOCK_ROWS * DEPTH / UNIT] __attribute__((aligned(64)));
    uint32_t b[BLOCK_COLUMNS * DEPTH / UNIT] __attribute__((aligned(64)));
    // b is packed as it is multiplied where it is packed row by row, else before.
    const int packs = !s->panels && s->b_column == 1 && s->m >= ROWS;
    for (long j = 0; j < s->n; j += BLOCK_COLUMNS)
        for (long p = 0; p < s->k; p += DEPTH) {
            const long columns = least(BLOCK_COLUMNS, s->n - j), depth = least(DEPTH, s->k - p);
            // Panels that were packed before are only read.
            uint32_t *block = s->panels ? (uint32_t *)s->panels + NAME(panel_place)(s, p, j, columns) : b;
            foresight next[FORESIGHTS] = {[NEXT_BLOCK] = NAME(block_after)(s, p, j)};
            for (long i = 0; i < s->m; i += BLOCK_ROWS) {
                const long rows = least(BLOCK_ROWS, s->m - i);
                const float *from = s->a + i * s->a_row + p * s->a_column;
                panel part = {
                    .a = a, .a_row = DEPTH / UNIT, .a_word = 1, .words = (depth + UNIT - 1) / UNIT, .source_row = s->b_row,
                    .depth = depth, .out_row = s->out_row, .adds = p > 0, .next = next};
                next[NEXT_ROWS] = NAME(rows_after)(s, i, p);
                if (i == 0) next[ROWS_WITHIN] = NAME(rows_within)(s, p, rows, depth);
                if (s->a_column == 1 && UNIT == 1) part.a = (const uint32_t *)from, part.a_row = s->a_row;
                else if (s->a_column == 1) NAME(pack_rows)(from, s->a_row, depth, rows, a);
                else {
                    part.a_row = 1;
                    part.a_word = padded(rows);
                    NAME(pack_across)(from, s->a_column, depth, rows, a, part.a_word);
                }
                for (long c = 0; c < columns; c += COLUMNS) {
                    part.columns = least(COLUMNS, columns - c);
                    part.width = padded(part.columns);
                    part.b = block + c * part.words;
                    if (i == 0 && !s->panels && !packs) NAME(pack_panel)(s, p, depth, j + c, part.columns, part.b);
                    part.source = packs && i == 0 ? s->b + p * s->b_row + j + c : 0;
                    part.out = s->out + i * s->out_row + j + c;
                    const long after = c + COLUMNS;
                    if (i == 0) next[NEXT_PANEL] = NAME(part_of_b)(s, p, depth, j + after, least(COLUMNS, columns - after));
                    part.bias = s->bias && p + depth == s->k ? s->bias + j + c : 0;
                    NAME(multiply)(&part, rows);
                }
            }
        }
}

#undef NAME
#undef UNIT
#undef BLOCK_COLUMNS
