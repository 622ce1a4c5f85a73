// Chains of elementwise operations, and sums and largest numbers of arrays.
#include "access.h"
#include "rows_body.h"

typedef void (*operation)(float *out, const float *a, const float *b, const float *c, long count);

#define ELEMENTWISE(name, expression)                                                                            \
    static void op_##name(float *out, const float *pa, const float *pb, const float *pc, long count) {            \
        for (long i = 0; i < count; i += 16) {                                                                    \
            V a = *(const V *)(pa + i), b = *(const V *)(pb + i), c = *(const V *)(pc + i);                          \
            (void)b, (void)c;                                                                                     \
            *(V *)(out + i) = (expression);                                                                       \
        }                                                                                                         \
    }
#define MASK(condition) ((condition) ? (V)1 : (V)0)

ELEMENTWISE(negate, -a)
ELEMENTWISE(exponential, v_exp(a))
ELEMENTWISE(logarithm, v_log(a))
ELEMENTWISE(sine, v_sine_from(a, 0))
ELEMENTWISE(cosine, v_sine_from(a, 1))
ELEMENTWISE(square_root, v_sqrt(a))
ELEMENTWISE(reciprocal, 1.0f / a)
ELEMENTWISE(sigmoid, v_sigmoid(a))
ELEMENTWISE(tanh, v_tanh(a))
ELEMENTWISE(absolute, v_abs(a))
ELEMENTWISE(sign, v_sign(a))
ELEMENTWISE(floor, v_floor(a))
// √(8/π) and 0.044715 √(8/π).
#define GELU_LINEAR 1.5957691216057308f
#define GELU_CUBIC 0.07135481627260025f
INLINE V gelu_gate(V a) { return v_sigmoid(a * v_fma(GELU_CUBIC * a, a, (V)GELU_LINEAR)); }
ELEMENTWISE(gelu_gate, gelu_gate(a))
ELEMENTWISE(add, a + b)
ELEMENTWISE(subtract, a - b)
ELEMENTWISE(multiply, a *b)
ELEMENTWISE(divide, a / b)
ELEMENTWISE(maximum, a > b ? a : b)
ELEMENTWISE(greater, MASK(a > b))
ELEMENTWISE(equal, MASK(a == b))
// Of the argument and its gate. A perceptron's way back through silu takes two passes over the registers instead of six.
INLINE V silu_slope(V a, V b) { return v_fma(a, v_fma(-b, b, b), b); }
INLINE V gelu_slope(V a, V b) {
    return v_fma(a * v_fma(-b, b, b), v_fma(3 * GELU_CUBIC * a, a, (V)GELU_LINEAR), b);
}
ELEMENTWISE(silu_slope, silu_slope(a, b))
ELEMENTWISE(gelu_slope, gelu_slope(a, b))
ELEMENTWISE(silu_along, silu_slope(a, b) * c)
ELEMENTWISE(gelu_along, gelu_slope(a, b) * c)
// Where nothing else reads the gate it stays in a register: with the shorter exponential a perceptron's fused kernels take 5.3 ms of a step
// instead of 5.7.
ELEMENTWISE(silu, a *v_sigmoid(a))
ELEMENTWISE(gelu, a *gelu_gate(a))
ELEMENTWISE(silu_linear, silu_slope(a, v_sigmoid(a)) * c)
ELEMENTWISE(gelu_linear, gelu_slope(a, gelu_gate(a)) * c)
ELEMENTWISE(multiply_add, v_fma(a, b, c))
ELEMENTWISE(multiply_subtract, v_fma(a, b, -c))
ELEMENTWISE(subtract_product, v_fma(-a, b, c))
ELEMENTWISE(choose, a != 0 ? b : c)
ELEMENTWISE(copy, a)

// In the order of Engine's Unary and Binary.
static const operation table[] = {
    op_negate, op_exponential, op_logarithm, op_sine, op_cosine, op_square_root, op_reciprocal,
    op_sigmoid, op_tanh, op_absolute, op_sign, op_floor, op_gelu_gate,
    [ABLATE_BINARY] = op_add, op_subtract, op_multiply, op_divide, op_maximum, op_greater, op_equal,
    op_multiply, op_silu_slope, op_multiply, op_gelu_slope,
    [ABLATE_SILU] = op_silu, op_gelu, op_silu_linear, op_gelu_linear,
    [ABLATE_SILU_ALONG] = op_silu_along, op_gelu_along,
    [ABLATE_MULTIPLY_ADD] = op_multiply_add, op_multiply_subtract, op_subtract_product,
    [ABLATE_SELECT] = op_choose,
    [ABLATE_COPY] = op_copy,
};

static void meet_numbers(const ablate_fused *kernel, float *const *reg, long room) {
    for (int l = 0; l < kernel->load_count; l++) {
        const ablate_access *load = &kernel->loads[l];
        if (load->kind == ABLATE_NUMBER)
            for (long i = 0; i < room; i++) reg[load->reg][i] = load->number;
    }
}

// A register's elements from memory: without a copy where they lie in order.
INLINE float *load_tile(
    const ablate_fused *kernel, const ablate_access *load, cursor *at, float *base, float *reg, long start, long count) {
    switch (load->kind) {
    case ABLATE_DIRECT: return base + (load->of_rows ? (kernel->row ? start / kernel->row : 0) : start);
    case ABLATE_REPEATED:
        if (start == kernel->first) fetch(kernel, load, at, base, reg, count);
        return reg;
    case ABLATE_STRIDED:
        if (load->stride[kernel->rank - 1] == 1 && run_at(at, kernel) >= count) {
            reg = base + at->offset;
            advance(at, kernel, load, count);
        } else {
            hold(kernel, load, at, base, reg, count);
        }
        return reg;
    default: return reg;
    }
}

// A tile's elements, from one of the whole fused kernel on, to the sums of their blocks.
static void gather_blocks(
    const ablate_fused *kernel, const ablate_access *store, cursor *at, float *base, float *reg, long element, long count) {
    while (count > 0) {
        const long block = element / store->block, run = least(count, (block + 1) * store->block - element);
        gather(kernel, store, at, base + block * store->block_shift, reg, run);
        reg += run, element += run, count -= run;
    }
}

// `first` is where the tile's elements or rows go in their order, `element` its first one among those of all batch tiles.
INLINE void store_tile(
    const ablate_fused *kernel, const ablate_access *store, cursor *at, float *base, float *reg, long first, long element, long count,
    long moved) {
    switch (store->kind) {
    case ABLATE_COPIED: __builtin_memcpy(base + first, reg, moved * sizeof(float)); break;
    case ABLATE_STRIDED: deliver(kernel, store, at, base, reg, count); break;
    case ABLATE_GATHERED: gather_blocks(kernel, store, at, base, reg, element, count); break;
    default: break;
    }
}

static void fused_run(const ablate_fused *kernel, long batch_tile) {
    float *reg[ABLATE_REGISTERS];
    cursor loaded[ABLATE_REGISTERS], stored[ABLATE_REGISTERS];
    const long room = (kernel->tile + 31) / 16 * 16, row = kernel->row;
    for (int r = 0; r < kernel->register_count; r++) reg[r] = kernel->scratch + r * room;
    meet_numbers(kernel, reg, room);
    for (int l = 0; l < kernel->load_count; l++) place(&loaded[l], kernel, &kernel->loads[l], kernel->first);
    for (int s = 0; s < kernel->store_count; s++) place(&stored[s], kernel, &kernel->stores[s], kernel->first);
    for (long start = kernel->first; start < kernel->count; start += kernel->tile) {
        const long count = kernel->count - start < kernel->tile ? kernel->count - start : kernel->tile;
        const long rows = row ? count / row : 0, start_row = row ? start / row : 0;
        for (int l = 0; l < kernel->load_count; l++) {
            const ablate_access *load = &kernel->loads[l];
            float *own = kernel->scratch + load->reg * room;
            reg[load->reg] = load_tile(kernel, load, &loaded[l], load->base + batch_tile * load->shift, own, start, count);
        }
        for (int s = 0; s < kernel->store_count; s++) {
            const ablate_access *store = &kernel->stores[s];
            if (store->kind == ABLATE_DIRECT)
                reg[store->reg] = store->base + batch_tile * store->shift + (store->of_rows ? start_row : start);
        }
        for (int o = 0; o < kernel->operation_count; o++) {
            const ablate_operation op = kernel->operations[o];
            if (op.code >= ABLATE_ROW_SUM) row_table[op.code - ABLATE_ROW_SUM](reg[op.out], reg[op.a], reg[op.b], rows, row);
            else table[op.code](reg[op.out], reg[op.a], reg[op.b], reg[op.c], op.of_rows ? rows : count);
        }
        for (int s = 0; s < kernel->store_count; s++) {
            const ablate_access *store = &kernel->stores[s];
            float *base = store->base + batch_tile * store->shift;
            const int of_rows = store->of_rows;
            store_tile(
                kernel, store, &stored[s], base, reg[store->reg], of_rows ? start_row : start, batch_tile * kernel->count + start, count,
                of_rows ? rows : count);
        }
    }
}

static void sum(float *out, const float *in, long outer, long reduced, long inner) {
    if (inner == 1) {
        for (long o = 0; o < outer; o++, in += reduced) {
            V lanes[4] = {0, 0, 0, 0};
            long i = 0;
            for (; i + 64 <= reduced; i += 64)
                for (int k = 0; k < 4; k++) lanes[k] += *(const V *)(in + i + 16 * k);
            for (; i + 16 <= reduced; i += 16) lanes[0] += *(const V *)(in + i);
            float tail = 0;
            for (; i < reduced; i++) tail += in[i];
            out[o] = across((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + tail;
        }
        return;
    }
    for (long o = 0; o < outer; o++, in += reduced * inner, out += inner) {
        long i = 0;
        for (; i + 64 <= inner; i += 64) {
            V lanes[4] = {0, 0, 0, 0};
            for (long r = 0; r < reduced; r++)
                for (int k = 0; k < 4; k++) lanes[k] += *(const V *)(in + r * inner + i + 16 * k);
            for (int k = 0; k < 4; k++) *(V *)(out + i + 16 * k) = lanes[k];
        }
        for (; i < inner; i++) {
            float total = 0;
            for (long r = 0; r < reduced; r++) total += in[r * inner + i];
            out[i] = total;
        }
    }
}

static void largest(float *out, const float *in, long outer, long reduced, long inner) {
    for (long o = 0; o < outer; o++, in += reduced * inner, out += inner) {
        for (long i = 0; i < inner; i++) {
            float peak = in[i];
            for (long r = 1; r < reduced; r++) peak = in[r * inner + i] > peak ? in[r * inner + i] : peak;
            out[i] = peak;
        }
    }
}

