// Matrix products in blocks: operands are packed into words of 4 bytes, UNIT numbers of neighbouring depth in each, so that a vector
// holds 16 columns; 6 rows by a panel of columns are summed in registers. Rows of a that are such words as they lie are not packed.
// Included for each kind of word, with
//     KIND(x)                     a name with the kind's suffix
//     UNIT                        numbers in a word
//     ROUNDS                      whether words are rounded numbers, the neighbours of a pair exchanged
//     BLOCK_COLUMNS               of b that are packed at a time
//     words_across(even, odd)     words of numbers whose neighbours in depth are in two vectors
//     words_along(x, count)       16 words of count neighbours in depth, and zeros
//     add_products(sum, f, line)  sum + f · line, word by word
#define PACKS_A (UNIT > 1 || ROUNDS)

// Words of a depth: rounded ones in whole pairs.
INLINE long KIND(words_of)(long depth) { return ROUNDS ? (depth + 1) / 2 * 2 : (depth + UNIT - 1) / UNIT; }

// 16 words of an x whose neighbours are along j, of which `depth` rows and `count` columns are left: packed, and returned.
INLINE V KIND(pack_line)(const float *x, long x_row, long depth, long count, float *packed) {
    for (int u = 0; u < UNIT; u++) __builtin_prefetch(x + (AHEAD + u) * x_row, 0, 3);
    const V odd = UNIT > 1 && depth > 1 ? load_first(x + x_row, count) : (V)0.0f;
    const V words = KIND(words_across)(load_first(x, count), odd);
    *(V *)packed = words;
    return words;
}

// packed[p / UNIT][j] = x[p …, j].
static void KIND(pack_across)(const float *x, long x_row, long depth, long count, float *packed, long width) {
    for (long p = 0; p < depth; p += UNIT)
        for (long j = 0; j < width; j += 16)
            KIND(pack_line)(x + p * x_row + j, x_row, depth - p, count - j, packed + (ROUNDS ? p ^ 1 : p / UNIT) * width + j);
    if (ROUNDS && depth % 2) __builtin_memset(packed + (depth - 1) * width, 0, width * sizeof(float));
}

// The same for an x whose neighbours are along p, its columns `x_column` apart.
static void KIND(pack_along)(const float *x, long x_column, long depth, long count, float *packed, long width) {
#if PACKS_A
    for (long j = 0; j < width; j += 16)
        for (long p = 0; p < depth; p += 16 * UNIT) {
            V line[16];
            EACH(i, 16)
                line[i] = j + i < count ? KIND(words_along)(x + (j + i) * x_column + p, depth - p) : (V)0.0f;
            transpose_square(line);
            const long words = KIND(words_of)(depth - p);
            for (long i = 0; i < 16 && i < words; i++) *(V *)(packed + (p / UNIT + i) * width + j) = line[ROUNDS ? i ^ 1 : i];
        }
#else
    for (long j = 0; j < width; j += 16)
        for (long p = 0; p < depth; p += 16)
            transpose_part(x + j * x_column + p, x_column, count - j, depth - p, packed + p * width + j, width);
#endif
}

// packed[i][p / UNIT] = x[i, p …].
static void KIND(pack_rows)(const float *x, long x_row, long depth, long count, float *packed) {
    for (long i = 0; i < count; i++)
        for (long p = 0; p < depth; p += 16 * UNIT) {
            const V words = KIND(words_along)(x + i * x_row + p, depth - p);
            *(V *)(packed + i * (DEPTH / UNIT) + p / UNIT) = ROUNDS ? exchanged(words) : words;
        }
}

// One word of the depth: up to 6 words of a by a line of b, which is packed first where it has a source.
INLINE void KIND(add_word)(
    V sum[ROWS][PANEL_VECTORS], const panel *s, const float *const row[ROWS], long p, const int rows, const int vectors,
    const int packs, const int is_across) {
    float *b = s->b + p * s->width;
    // What is not packed has no source, and no place in it.
    const float *source = packs ? s->source + UNIT * p * s->source_row : 0;
    V line[PANEL_VECTORS];
    EACH(v, vectors)
        line[v] = packs ? KIND(pack_line)(source + 16 * v, s->source_row, s->depth - p * UNIT, s->columns - 16 * v, b + 16 * v)
                        : *(const V *)(b + 16 * v);
    EACH(r, rows) {
        const V factor = (V)(is_across ? row[0][p * s->a_word + r] : row[r][p]);
        EACH(v, vectors) sum[r][v] = KIND(add_products)(sum[r][v], factor, line[v]);
    }
}

INLINE void KIND(multiply_rows)(
    const panel *given, long first, const int rows, const int vectors, const int packs, const int is_across) {
    const panel copy = *given, *s = &copy;
    V sum[ROWS][PANEL_VECTORS];
    EACH(r, rows)
        EACH(v, vectors) sum[r][v] = (V)0.0f;
    const float *row[ROWS];
    EACH(r, rows) row[r] = s->a + (first + r) * (is_across ? 1 : s->a_row);
    EACH(r, rows)
        EACH(v, vectors) __builtin_prefetch(s->out + (first + r) * s->out_row + 16 * v, 0, 3);
    foresight *next = nearest(s->next);
    const long fetches = least(vectors_left(next), s->words / WORDS_A_FETCH), per_row = next->vectors;
    const long skip = next->stride - 16 * per_row;
    const float *ahead = next->row + 16 * next->done;
    long rest = per_row - next->done, p = 0;
    for (long fetched = 0; p + WORDS_A_FETCH <= s->words; p += WORDS_A_FETCH, fetched++) {
        if (fetched < fetches) {
            __builtin_prefetch(ahead, 0, 2);
            ahead += 16;
            if (--rest == 0) ahead += skip, rest = per_row;
        }
        // Unrolled, all words of a would be fetched first, into more registers than there are.
        _Pragma("clang loop unroll(disable)") for (long q = p; q < p + WORDS_A_FETCH; q++)
            KIND(add_word)(sum, s, row, q, rows, vectors, packs, is_across);
    }
    for (; p < s->words; p++) KIND(add_word)(sum, s, row, p, rows, vectors, packs, is_across);
    go_on(next, fetches);
    EACH(r, rows)
        EACH(v, vectors) {
            float *target = s->out + (first + r) * s->out_row + 16 * v;
            const long count = s->columns - 16 * v;
            V total = (s->adds ? load_first(target, count) : (V)0.0f) + sum[r][v];
            if (s->bias) total += load_first(s->bias + 16 * v, count);
            store_first(target, total, count);
        }
}

INLINE void KIND(multiply_all_rows)(const panel *s, long rows, const int vectors, const int is_across) {
    long i = 0;
    if (!ROUNDS && s->source) KIND(multiply_rows)(s, 0, ROWS, vectors, 1, is_across), i += ROWS;
    for (; i + ROWS <= rows; i += ROWS) KIND(multiply_rows)(s, i, ROWS, vectors, 0, is_across);
    if (i + 4 <= rows) KIND(multiply_rows)(s, i, 4, vectors, 0, is_across), i += 4;
    if (i + 2 <= rows) KIND(multiply_rows)(s, i, 2, vectors, 0, is_across), i += 2;
    if (i < rows) KIND(multiply_rows)(s, i, 1, vectors, 0, is_across);
}

INLINE void KIND(multiply_panel)(const panel *s, long rows, const int vectors) {
    if (s->is_across) KIND(multiply_all_rows)(s, rows, vectors, 1);
    else KIND(multiply_all_rows)(s, rows, vectors, 0);
}

// Inlined, so that where it stands in what comes next stays in registers: a call costs bfloat16 a tenth.
INLINE void KIND(multiply)(const panel *s, long rows) {
#if PANEL_VECTORS > 1
    switch (s->width / 16) {
    case 1: KIND(multiply_panel)(s, rows, 1); return;
    case 2: KIND(multiply_panel)(s, rows, 2); return;
    case 3: KIND(multiply_panel)(s, rows, 3); return;
    }
#endif
    KIND(multiply_panel)(s, rows, PANEL_VECTORS);
}

// Up to a panel's columns of b.
static void KIND(pack_panel)(const ablate_matrix_product *s, long p, long depth, long j, long columns, float *packed) {
    const float *b = s->b + p * s->b_row + j * s->b_column;
    if (s->b_column == 1) KIND(pack_across)(b, s->b_row, depth, columns, packed, padded(columns));
    else KIND(pack_along)(b, s->b_column, depth, columns, packed, padded(columns));
}

// Where the block of b from row p and column j on lies among all that are packed.
INLINE long KIND(panel_place)(const ablate_matrix_product *s, long p, long j, long columns) {
    return j * KIND(words_of)(s->k) + padded(columns) * (p / UNIT);
}

static void KIND(matrix_pack)(const ablate_matrix_product *s, float *panels) {
    for (long j = 0; j < s->n; j += BLOCK_COLUMNS)
        for (long p = 0; p < s->k; p += DEPTH) {
            const long columns = least(BLOCK_COLUMNS, s->n - j), depth = least(DEPTH, s->k - p);
            float *block = panels + KIND(panel_place)(s, p, j, columns);
            for (long c = 0; c < columns; c += COLUMNS)
                KIND(pack_panel)(s, p, depth, j + c, least(COLUMNS, columns - c), block + c * KIND(words_of)(depth));
        }
}

static long KIND(packed_floats)(long n, long k) { return padded(n) * KIND(words_of)(k); }

// What some rows and columns of b are packed from; nothing where they lie packed.
INLINE foresight KIND(part_of_b)(const ablate_matrix_product *s, long p, long depth, long j, long columns) {
    if (s->panels || columns <= 0) return (foresight){0};
    const float *from = s->b + p * s->b_row + j * s->b_column;
    return s->b_column == 1 ? (foresight){.row = from, .stride = s->b_row, .vectors = padded(columns) / 16, .rows = depth}
                            : (foresight){.row = from, .stride = s->b_column, .vectors = padded(depth) / 16, .rows = columns};
}

// The block of b that comes after one.
INLINE foresight KIND(block_after)(const ablate_matrix_product *s, long p, long j) {
    p += DEPTH;
    if (p >= s->k) p = 0, j += BLOCK_COLUMNS;
    return KIND(part_of_b)(s, p, least(DEPTH, s->k - p), j, least(BLOCK_COLUMNS, s->n - j));
}

// The rows of a that come after some, or those that the next block of b begins with.
INLINE foresight KIND(rows_after)(const ablate_matrix_product *s, long i, long p) {
    i += BLOCK_ROWS;
    if (i >= s->m) i = 0, p += DEPTH;
    if (p >= s->k) return (foresight){0};
    const long rows = least(BLOCK_ROWS, s->m - i), depth = least(DEPTH, s->k - p);
    const float *from = s->a + i * s->a_row + p * s->a_column;
    return s->a_column == 1 ? (foresight){.row = from, .stride = s->a_row, .vectors = padded(depth) / 16, .rows = rows}
                            : (foresight){.row = from, .stride = s->a_column, .vectors = padded(rows) / 16, .rows = depth};
}

// The rows of a behind those that the first block begins with, where they are read as they lie.
INLINE foresight KIND(rows_within)(const ablate_matrix_product *s, long p, long rows, long depth) {
    if (PACKS_A || s->a_column != 1 || rows <= ROWS) return (foresight){0};
    return (foresight){.row = s->a + ROWS * s->a_row + p, .stride = s->a_row, .vectors = padded(depth) / 16, .rows = rows - ROWS};
}

static void KIND(matrix_product)(const ablate_matrix_product *s) {
    float a[BLOCK_ROWS * DEPTH / UNIT] __attribute__((aligned(64)));
    float b[BLOCK_COLUMNS * DEPTH / UNIT] __attribute__((aligned(64)));
    // b is packed as it is multiplied where it is packed row by row, else before.
    const int packs = !ROUNDS && !s->panels && s->b_column == 1 && s->m >= ROWS;
    for (long j = 0; j < s->n; j += BLOCK_COLUMNS)
        for (long p = 0; p < s->k; p += DEPTH) {
            const long columns = least(BLOCK_COLUMNS, s->n - j), depth = least(DEPTH, s->k - p);
            // Panels that were packed before are only read.
            float *block = s->panels ? (float *)s->panels + KIND(panel_place)(s, p, j, columns) : b;
            foresight next[FORESIGHTS] = {[NEXT_BLOCK] = KIND(block_after)(s, p, j)};
            for (long i = 0; i < s->m; i += BLOCK_ROWS) {
                const long rows = least(BLOCK_ROWS, s->m - i);
                const float *from = s->a + i * s->a_row + p * s->a_column;
                panel part = {
                    .a = a, .a_row = DEPTH / UNIT, .words = KIND(words_of)(depth), .source_row = s->b_row,
                    .depth = depth, .out_row = s->out_row, .adds = p > 0, .next = next};
                next[NEXT_ROWS] = KIND(rows_after)(s, i, p);
                if (i == 0) next[ROWS_WITHIN] = KIND(rows_within)(s, p, rows, depth);
                if (s->a_column == 1 && !PACKS_A) part.a = from, part.a_row = s->a_row;
                else if (s->a_column == 1) KIND(pack_rows)(from, s->a_row, depth, rows, a);
                else {
                    part.is_across = 1;
                    part.a_word = padded(rows);
                    KIND(pack_across)(from, s->a_column, depth, rows, a, part.a_word);
                }
                for (long c = 0; c < columns; c += COLUMNS) {
                    part.columns = least(COLUMNS, columns - c);
                    part.width = padded(part.columns);
                    part.b = block + c * part.words;
                    if (i == 0 && !s->panels && !packs) KIND(pack_panel)(s, p, depth, j + c, part.columns, part.b);
                    part.source = packs && i == 0 ? s->b + p * s->b_row + j + c : 0;
                    part.out = s->out + i * s->out_row + j + c;
                    const long after = c + COLUMNS;
                    if (i == 0) next[NEXT_PANEL] = KIND(part_of_b)(s, p, depth, j + after, least(COLUMNS, columns - after));
                    part.bias = s->bias && p + depth == s->k ? s->bias + j + c : 0;
                    KIND(multiply)(&part, rows);
                }
            }
        }
}

#undef KIND
#undef UNIT
#undef ROUNDS
#undef BLOCK_COLUMNS
#undef PACKS_A
