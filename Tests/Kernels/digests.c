// Prints a digest of the bits that each kernel gives, for each instruction set of the processor: `set kernel digest`. Inputs are random
// numbers, which have the same bits everywhere, so the lines of two sets with fused multiply-adds have to agree, also between
// processors: Tests/Kernels/run compares them.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

// Floats behind what is used that kernels may read, or write where they say so.
enum { SPARE = 64 };

// FNV-1a over the bits; NaNs, whose bits processors choose, count as one.
static uint64_t digest_of(const float *x, long count) {
    uint64_t digest = 0xcbf29ce484222325u;
    for (long i = 0; i < count; i++) {
        uint32_t bits = 0x7fc00000;
        if (x[i] == x[i]) memcpy(&bits, x + i, sizeof bits);
        for (int byte = 0; byte < 4; byte++) digest = (digest ^ (bits >> 8 * byte & 0xff)) * 0x100000001b3u;
    }
    return digest;
}

static void report(int set, const char *kernel, const float *x, long count) {
    printf("%s %s %016llx\n", ablate_instruction_set_name(set), kernel, (unsigned long long)digest_of(x, count));
}

static float *numbers(long count, uint64_t key) {
    float *memory = aligned_alloc(64, (count + SPARE + 15) / 16 * 64);
    memset(memory, 0, (count + SPARE + 15) / 16 * 64);
    ablate_random_normal(memory, count, key, 1);
    return memory;
}

// Numbers of all sizes: each is multiplied by a power of 2 from -20 to 20.
static float *wide_numbers(long count, uint64_t key) {
    float *memory = numbers(count, key);
    for (long i = 0; i < count; i++) {
        const uint32_t bits = (uint32_t)(127 + i % 41 - 20) << 23;
        float power;
        memcpy(&power, &bits, sizeof power);
        memory[i] *= power;
    }
    return memory;
}

// Each operation of fused kernels on three operands, elements and rows.
static void chains(int set) {
    const long rows = 37, row = 48, count = rows * row;
    float *in[3] = {wide_numbers(count, 1), wide_numbers(count, 2), wide_numbers(count, 3)}, *out = numbers(count, 4);
    for (int code = 0; code <= ABLATE_ROW_MULTIPLY; code++) {
        const int is_unary = code <= 12, is_binary = code >= ABLATE_BINARY && code <= ABLATE_BINARY + 10;
        if (!is_unary && !is_binary && (code < ABLATE_SILU || (code > ABLATE_SUBTRACT_PRODUCT && code < ABLATE_SELECT))) continue;
        const int reduces = code == ABLATE_ROW_SUM || code == ABLATE_ROW_LARGEST, spreads = code >= ABLATE_SPREAD;
        const ablate_operation operation = {.code = (uint8_t)code, .out = 3, .a = 0, .b = 1, .c = 2};
        ablate_access loads[3], store = {.kind = ABLATE_DIRECT, .reg = 3, .of_rows = (uint8_t)reduces, .base = out};
        for (int i = 0; i < 3; i++)
            loads[i] = (ablate_access){.kind = ABLATE_DIRECT, .reg = (uint8_t)i, .of_rows = spreads && i == 0, .base = in[i]};
        float *scratch = numbers(4 * 1024, 5);
        const ablate_fused kernel = {
            .count = count, .tile = 12 * row, .row = code >= ABLATE_ROW_SUM ? row : 0, .rank = 1, .extent = {count},
            .register_count = 4, .operation_count = 1, .load_count = 3, .store_count = 1, .operations = &operation,
            .loads = loads, .stores = &store, .scratch = scratch};
        memset(out, 0, count * sizeof *out);
        ablate_fused_run_on(set, &kernel, 0);
        char name[32];
        snprintf(name, sizeof name, "operation-%d", code);
        report(set, name, out, reduces ? rows : count);
        free(scratch);
    }
    free(in[0]), free(in[1]), free(in[2]), free(out);
}

static void matrices(int set) {
    static const long shapes[][3] = {{64, 64, 64}, {97, 65, 257}, {200, 330, 300}, {22, 10, 600}, {3, 130, 70}, {103, 24, 15}};
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int form = 0; form < 8; form++)
            for (int kind = ABLATE_MATRIX_FLOAT32; kind <= ABLATE_MATRIX_BFLOAT16; kind++) {
                const long m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
                float *a = numbers(m * k, 1), *b = numbers(k * n, 2), *bias = numbers(n, 3), *out = numbers(m * n, 4);
                const int turns_a = form & 1, turns_b = form & 2;
                const ablate_matrix_product product = {
                    .m = m, .n = n, .k = k, .a_row = turns_a ? 1 : k, .a_column = turns_a ? m : 1, .b_row = turns_b ? 1 : n,
                    .b_column = turns_b ? k : 1, .out_row = n, .a = a, .b = b, .out = out, .bias = form & 4 ? bias : 0};
                ablate_matrix_run_on(set, kind, &product);
                char name[64];
                snprintf(name, sizeof name, "matrix-%ldx%ldx%ld-%d-%s", m, n, k, form, kind ? "bfloat16" : "float32");
                report(set, name, out, m * n);
                free(a), free(b), free(bias), free(out);
            }
}

static void stacks(int set) {
    static const long shapes[][3] = {{49, 49, 32}, {49, 32, 49}, {7, 5, 3}, {130, 2, 300}, {6, 100, 64}, {17, 7, 40}};
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int form = 0; form < 8; form++) {
            const long m = shapes[i][0], n = shapes[i][1], k = shapes[i][2], count = 3;
            float *a = numbers(count * m * k, 1), *b = numbers(count * k * n, 2), *out = numbers(count * m * n, 3);
            float *packed = numbers(k * ((n + 15) / 16 * 16) + 16 * n, 4);
            const int turns_a = form & 1, turns_b = form & 2;
            const ablate_products stack = {
                .m = m, .n = n, .k = k, .a_row = turns_a ? 1 : k, .a_column = turns_a ? m : 1, .b_row = turns_b ? 1 : n,
                .b_column = turns_b ? k : 1, .out_row = n, .rank = 1, .extent = {count}, .a_stride = {m * k},
                .b_stride = {k * n}, .out_stride = {m * n}, .a = a, .b = b, .out = out, .adds = form & 4, .packed = packed};
            ablate_products_run_on(set, &stack);
            char name[64];
            snprintf(name, sizeof name, "products-%ldx%ldx%ld-%d", m, n, k, form);
            report(set, name, out, count * m * n);
            free(a), free(b), free(out), free(packed);
        }
}

static void attentions(int set) {
    static const long shapes[][4] = {{2, 3, 49, 32}, {1, 2, 7, 16}, {1, 1, 300, 20}};
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int part = ABLATE_ATTENTION_VALUE; part <= ABLATE_ATTENTION_COTANGENT; part++) {
            const long samples = shapes[i][0], heads = shapes[i][1], tokens = shapes[i][2], size = shapes[i][3];
            const long narrow = samples * tokens * heads * size;
            float *mixed = numbers(3 * narrow, 1), *other = numbers(3 * narrow, 2), *out = numbers(3 * narrow, 3);
            float *scratch = numbers(ablate_attention_scratch(tokens, size), 4);
            memset(scratch, 0, ablate_attention_scratch(tokens, size) * sizeof *scratch);
            const ablate_attention attention = {
                .part = (ablate_attention_part)part, .samples = samples, .heads = heads, .tokens = tokens, .size = size, .scale = 0.25f,
                .mixed = mixed, .other = part == ABLATE_ATTENTION_VALUE ? mixed : other, .out = out, .scratch = scratch};
            ablate_attention_run_on(set, &attention, 0);
            char name[64];
            snprintf(name, sizeof name, "attention-%ldx%ld-%d", tokens, size, part);
            report(set, name, out, part == ABLATE_ATTENTION_COTANGENT ? 3 * narrow : narrow);
            free(mixed), free(other), free(out), free(scratch);
        }
}

static void reductions(int set) {
    static const long shapes[][3] = {{3, 1000, 1}, {2, 50, 70}, {1, 7, 5}};
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const long outer = shapes[i][0], reduced = shapes[i][1], inner = shapes[i][2];
        float *in = numbers(outer * reduced * inner, 1), *out = numbers(outer * inner, 2);
        char name[64];
        ablate_sum_on(set, out, in, outer, reduced, inner);
        snprintf(name, sizeof name, "sum-%ldx%ldx%ld", outer, reduced, inner);
        report(set, name, out, outer * inner);
        ablate_largest_on(set, out, in, outer, reduced, inner);
        snprintf(name, sizeof name, "largest-%ldx%ldx%ld", outer, reduced, inner);
        report(set, name, out, outer * inner);
        free(in), free(out);
    }
}

static void draws(int set) {
    float out[1000];
    for (int law = ablate_random_law_uniform; law <= ablate_random_law_integers; law++) {
        ablate_random_fill_on(set, law, out, 1000, 0x123456789abcdef0u, 7, 10);
        char name[32];
        snprintf(name, sizeof name, "random-%d", law);
        report(set, name, out, 1000);
    }
}

int main(void) {
    for (int set = 0; set < ablate_instruction_set_count(); set++) {
        chains(set), matrices(set), stacks(set), attentions(set), reductions(set), draws(set);
    }
    return 0;
}
