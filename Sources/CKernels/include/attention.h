// Multi-head attention and its derivatives, with the scores of a few queries at a time in cache.
#pragma once

/// What is made of rows [q k v], for each head with P = softmax(s q kᵀ).
typedef enum {
    ABLATE_ATTENTION_VALUE,      // P v
    ABLATE_ATTENTION_TANGENT,    // its tangent along other = [dq dk dv]
    ABLATE_ATTENTION_COTANGENT,  // the cotangent of [q k v], given that of P v as other
} ablate_attention_part;

/// mixed [samples, tokens, 3 · heads · size], as are the tangent and the cotangent of [q k v]; P v, its tangent and its cotangent are
/// [samples, tokens, heads · size].
typedef struct {
    ablate_attention_part part;
    long samples, heads, tokens, size;
    float scale;
    const float *mixed, *other;  // other is null for the value
    float *out;
    long mixed_shift, other_shift, out_shift;  // from batch tile to batch tile
    float *scratch;  // ablate_attention_scratch floats, 64-byte aligned, zero before the first run
} ablate_attention;

enum { ABLATE_ATTENTION_QUERIES = 1024 };

/// Queries whose scores are in cache at a time, at most ABLATE_ATTENTION_QUERIES: 64 KiB of scores, a few rows at least.
static inline long ablate_attention_queries(long tokens) {
    const long room = 16384 / ((tokens + 15) / 16 * 16) / 6 * 6, queries = room < 6 ? 6 : room;
    return queries < tokens ? queries : tokens;
}

/// Floats of scratch: keys and values turned, scores and their slopes.
static inline long ablate_attention_scratch(long tokens, long size) {
    return (size + ablate_attention_queries(tokens)) * 2 * ((tokens + 15) / 16 * 16);
}

/// A batch tile: 0 where there is one. Memory must be readable up to 15 floats past its end. Samples do not know of each other.
void ablate_attention_run(const ablate_attention *attention, long batch_tile);
/// With the kernel of a set, 0 ..< ablate_instruction_set_count(); for tests that all sets agree.
void ablate_attention_run_on(int set, const ablate_attention *attention, long batch_tile);
