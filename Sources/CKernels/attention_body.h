// Attention head by head: scores of some queries with all keys, their softmax, and what is made of it, while they are in cache.

typedef struct {
    long tokens, size, width, queries;  // width: tokens up to whole vectors; queries: at a time
    long columns;                       // tokens up to half vectors: what products make of scores and slopes
    long row, out_row;                  // from token to token in rows [q k v], and in rows of P v
    float scale;
    float *keys, *others, *weights, *slopes;
    const float *next, *next_other;     // rows [q k v] of the next head, and their tangents or cotangents
    long foreseen;                      // of those rows
} head;

// Of the next head, four times in a head, or more often where it has more tokens.
enum { ROWS_AHEAD = 13 };

// Asks for some rows of the next head while this one is at work: heads lie apart in memory, which no hardware foresees. It makes the
// derivatives, whose rows are those of a pass long ago, 14 % faster; the value reads what has just been made.
static void foresee(head *h) {
    for (long r = 0; r < ROWS_AHEAD && h->foreseen < h->tokens; r++, h->foreseen++)
        for (int part = 0; part < 3; part++)
            for (long i = 0; i < h->size; i += 16) {
                const long place = h->foreseen * h->row + part * h->out_row + i;
                __builtin_prefetch(h->next + place, 0, 2);
                __builtin_prefetch(h->next_other + place, 1, 2);
            }
}

INLINE void multiply_in_head(
    long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, float *out, long out_row, int adds) {
    const ablate_products s = {.m = m, .n = n, .k = k, .a_row = a_row, .a_column = a_column, .out_row = out_row, .adds = adds};
    product_in_order(&s, a, b, b_row, out);
}

// across[p, j] = x[j, p], 0 in columns behind the tokens.
static void turn(const head *h, const float *x, long row, float *across) {
    for (long j = 0; j < h->width; j += 16)
        for (long p = 0; p < h->size; p += 16)
            transpose_part(x + j * row + p, row, h->tokens - j, h->size - p, across + p * h->width + j, h->width);
}

// The lanes of a row's last vector that are tokens.
INLINE I rest_of(const head *h) { return lane_numbers < (I)((int32_t)(h->tokens + 16 - h->width)); }

// Rows of scores to e^(scale · (score − the largest)) over its sum, next to nothing behind the row. All rows take a step before any
// takes the next, so that one waits for no other.
static void weigh(const head *h, float *x, long rows) {
    float of_row[ABLATE_ATTENTION_QUERIES];
    const V scale = (V)h->scale;
    const I is_rest = rest_of(h);
    const long last = h->width - 16;
    for (long r = 0; r < rows; r++) {
        float *row = x + r * h->width;
        *(V *)(row + last) = is_rest ? *(const V *)(row + last) : (V)-__builtin_inff();
        V peak = *(const V *)(row + last);
        for (long j = 0; j < last; j += 16) peak = LARGER_OF(peak, *(const V *)(row + j));
        of_row[r] = ACROSS(peak, LARGER_OF) * h->scale;
    }
    for (long r = 0; r < rows; r++) {
        float *row = x + r * h->width;
        const V largest = (V)of_row[r];
        V total = (V)0.0f;
        for (long j = 0; j < h->width; j += 16) {
            const V weight = v_exp_of_negative(v_fma(*(const V *)(row + j), scale, -largest));
            total += weight;
            *(V *)(row + j) = weight;
        }
        of_row[r] = across(total);
    }
    for (long r = 0; r < rows; r++) {
        const V inverse = (V)(1.0f / of_row[r]);
        for (long j = 0; j < h->width; j += 16) *(V *)(x + r * h->width + j) *= inverse;
    }
}

// d ← scale · w ∘ (d − Σ w ∘ d), by rows: softmax's derivative is symmetric, so this is tangent and cotangent.
static void differentiate_weights(const head *h, const float *w, float *d, long rows) {
    const I is_rest = rest_of(h);
    const long last = h->width - 16;
    for (long r = 0; r < rows; r++, w += h->width, d += h->width) {
        // What no product makes is what the last head left.
        *(V *)(d + last) = is_rest ? *(const V *)(d + last) : (V)0.0f;
        V total = (V)0.0f;
        for (long j = 0; j < h->width; j += 16) total = v_fma(*(const V *)(w + j), *(const V *)(d + j), total);
        const float mean = across(total);
        for (long j = 0; j < h->width; j += 16)
            *(V *)(d + j) = h->scale * *(const V *)(w + j) * (*(const V *)(d + j) - mean);
    }
}

static void weights_of(const head *h, const float *q, long rows) {
    multiply_in_head(rows, h->columns, h->size, q, h->row, 1, h->keys, h->width, h->weights, h->width, 0);
    weigh(h, h->weights, rows);
}

static void attend(const head *h, const float *q, const float *k, const float *v, float *out) {
    turn(h, k, h->row, h->keys);
    for (long i = 0; i < h->tokens; i += h->queries) {
        const long rows = h->tokens - i < h->queries ? h->tokens - i : h->queries;
        weights_of(h, q + i * h->row, rows);
        multiply_in_head(rows, h->size, h->tokens, h->weights, h->width, 1, v, h->row, out + i * h->out_row, h->out_row, 0);
    }
}

static void attend_along(
    head *h, const float *q, const float *k, const float *v, const float *dq, const float *dk, const float *dv, float *out) {
    turn(h, k, h->row, h->keys);
    turn(h, dk, h->row, h->others);
    for (long i = 0; i < h->tokens; i += h->queries) {
        const long rows = h->tokens - i < h->queries ? h->tokens - i : h->queries;
        float *o = out + i * h->out_row;
        foresee(h);
        weights_of(h, q + i * h->row, rows);
        foresee(h);
        multiply_in_head(rows, h->columns, h->size, dq + i * h->row, h->row, 1, h->keys, h->width, h->slopes, h->width, 0);
        multiply_in_head(rows, h->columns, h->size, q + i * h->row, h->row, 1, h->others, h->width, h->slopes, h->width, 1);
        foresee(h);
        differentiate_weights(h, h->weights, h->slopes, rows);
        foresee(h);
        multiply_in_head(rows, h->size, h->tokens, h->slopes, h->width, 1, v, h->row, o, h->out_row, 0);
        multiply_in_head(rows, h->size, h->tokens, h->weights, h->width, 1, dv, h->row, o, h->out_row, 1);
    }
}

static void attend_back(
    head *h, const float *q, const float *k, const float *v, const float *g, float *dq, float *dk, float *dv) {
    turn(h, k, h->row, h->keys);
    turn(h, v, h->row, h->others);
    for (long i = 0; i < h->tokens; i += h->queries) {
        const long rows = h->tokens - i < h->queries ? h->tokens - i : h->queries;
        const float *seen = g + i * h->out_row;
        foresee(h);
        weights_of(h, q + i * h->row, rows);
        multiply_in_head(h->tokens, h->size, rows, h->weights, 1, h->width, seen, h->out_row, dv, h->row, i > 0);
        foresee(h);
        multiply_in_head(rows, h->columns, h->size, seen, h->out_row, 1, h->others, h->width, h->slopes, h->width, 0);
        foresee(h);
        differentiate_weights(h, h->weights, h->slopes, rows);
        foresee(h);
        multiply_in_head(rows, h->size, h->tokens, h->slopes, h->width, 1, k, h->row, dq + i * h->row, h->row, 0);
        multiply_in_head(h->tokens, h->size, rows, h->slopes, 1, h->width, q + i * h->row, h->row, dk, h->row, i > 0);
    }
}

static void attention_run(const ablate_attention *s, long batch_tile) {
    const long width = s->heads * s->size, room = padded(s->tokens);
    head h = {
        .tokens = s->tokens, .size = s->size, .width = room, .columns = (s->tokens + 7) / 8 * 8, .row = 3 * width,
        .out_row = width, .scale = s->scale, .queries = ablate_attention_queries(s->tokens), .keys = s->scratch,
        .others = s->scratch + s->size * room};
    h.weights = h.others + s->size * room;
    h.slopes = h.weights + h.queries * room;
    const float *mixed = s->mixed + batch_tile * s->mixed_shift, *other = s->other + batch_tile * s->other_shift;
    float *out = s->out + batch_tile * s->out_shift;
    for (long n = 0; n < s->samples; n++)
        for (long a = 0; a < s->heads; a++) {
            const long wide = n * s->tokens * 3 * width + a * s->size, narrow = n * s->tokens * width + a * s->size;
            const float *q = mixed + wide, *k = q + width, *v = k + width;
            const long after = wide + (a + 1 < s->heads ? s->size : s->tokens * 3 * width - a * s->size);
            h.next = mixed + after;
            h.next_other = (s->part == ABLATE_ATTENTION_TANGENT ? other : out) + after;
            h.foreseen = 0;
            switch (s->part) {
            case ABLATE_ATTENTION_VALUE: attend(&h, q, k, v, out + narrow); break;
            case ABLATE_ATTENTION_TANGENT: {
                const float *dq = other + wide;
                attend_along(&h, q, k, v, dq, dq + width, dq + 2 * width, out + narrow);
                break;
            }
            case ABLATE_ATTENTION_COTANGENT: {
                float *dq = out + wide;
                attend_back(&h, q, k, v, other + narrow, dq, dq + width, dq + 2 * width);
                break;
            }
            }
        }
}
