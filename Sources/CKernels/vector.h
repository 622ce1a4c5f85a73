// Vectors of 16 floats and the elementary functions on them. Included once for each instruction set, inside a region whose
// functions are compiled for it; clang splits a vector where the set has shorter ones.
//
// Every set gives the same bits: operations are single IEEE ones in the order that stands here, and a product is added in one
// rounding exactly where `v_fma` says so. Nothing is left for a compiler to contract. A set without fused multiply-adds
// (FUSED is 0) rounds twice there, and differs.
//
// The reduction of exp, and polynomials and reductions of log, sin, cos and tanh, are those of the Cephes library (S. Moshier, "Methods
// and Programs for Mathematical Functions", 1989), good to about 2 units in the last place.

#pragma once

// Every function here is inlined, so no vector crosses a call and the calling convention of wide vectors does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float V __attribute__((ext_vector_type(16), aligned(4)));
// Half of one: half of the time, where vectors of 16 are two for the processor.
typedef float H __attribute__((ext_vector_type(8), aligned(4)));
typedef int32_t I __attribute__((ext_vector_type(16), aligned(4)));

#define INLINE static inline __attribute__((always_inline))
// A loop over what is in registers: one that is not unrolled keeps it in memory.
#define EACH(i, count) _Pragma("clang loop unroll(full)") for (int i = 0; i < (count); i++)

INLINE V as_float(I x) { union { I i; V v; } u = {.i = x}; return u.v; }
INLINE I as_int(V x) { union { V v; I i; } u = {.v = x}; return u.i; }

#if FUSED
INLINE V v_fma(V a, V b, V c) { return __builtin_elementwise_fma(a, b, c); }
INLINE H h_fma(H a, H b, H c) { return __builtin_elementwise_fma(a, b, c); }
#else
INLINE V v_fma(V a, V b, V c) { return a * b + c; }
INLINE H h_fma(H a, H b, H c) { return a * b + c; }
#endif

// The first `count` of 16 numbers in memory, and zeros behind them; nothing behind them is touched.
INLINE V load_first(const float *x, long count) {
#ifdef LOAD_FIRST
    return LOAD_FIRST(x, count);
#else
    if (count >= 16) return *(const V *)x;
    float first[16] = {0};
    for (long i = 0; i < count; i++) first[i] = x[i];
    return *(const V *)first;
#endif
}
// The first `count` numbers of a vector to memory; nothing behind them is touched, as it may be another thread's.
INLINE void store_first(float *target, V x, long count) {
#ifdef STORE_FIRST
    STORE_FIRST(target, x, count);
#else
    if (count >= 16) *(V *)target = x;
    else for (long i = 0; i < count; i++) target[i] = x[i];
#endif
}

INLINE long least(long a, long b) { return a < b ? a : b; }
INLINE long padded(long count) { return (count + 15) / 16 * 16; }

INLINE V v_sqrt(V x) { return __builtin_elementwise_sqrt(x); }
INLINE V v_floor(V x) { return __builtin_elementwise_floor(x); }
INLINE V v_abs(V x) { return as_float(as_int(x) & 0x7fffffff); }
INLINE V v_sign(V x) { return x > 0 ? (V)1 : (x < 0 ? (V)-1 : (V)0); }

// Adding and subtracting 1.5·2²³ rounds to the nearest whole number while |x| < 2²².
#define ROUND_MAGIC 12582912.0f
#define LOG2_E 1.44269504f
// ln 2 in two parts, the first of few bits.
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440e-4f

// c₀ xⁿ + c₁ xⁿ⁻¹ + … by Horner's rule.
#define POLYNOMIAL(x, ...)                                                                                       \
    ({                                                                                                           \
        static const float coefficients[] = {__VA_ARGS__};                                                       \
        const V at = (x);                                                                                        \
        V value = (V)coefficients[0];                                                                            \
        _Pragma("clang loop unroll(full)") for (unsigned i = 1; i < sizeof coefficients / sizeof(float); i++)     \
            value = v_fma(value, at, (V)coefficients[i]);                                                        \
        value;                                                                                                   \
    })

// eʳ for |r| ≤ ½ ln 2: 1 + r + r² q(r), of least relative error, 3·10⁻⁹. Two passes fewer than Cephes' takes, whose error is a
// hundredth of rounding's: a sigmoid in 13 cycles for 16 numbers instead of 15.
INLINE V v_exp_of_rest(V r) {
    return POLYNOMIAL(r, 1.381461275741458e-3f, 8.368710055947304e-3f, 4.166838899254799e-2f, 1.666652113199234e-1f,
                      4.999999403953552e-1f, 1.0f, 1.0f);
}

// x - n ln 2.
INLINE V v_without_ln2(V x, V n) { return v_fma(-n, (V)LN2_LOW, v_fma(-n, (V)LN2_HIGH, x)); }

// 2ⁿ for the whole number in a sum with ROUND_MAGIC.
INLINE I v_whole(V shifted) { return as_int(shifted) - as_int((V)ROUND_MAGIC); }
INLINE V v_power_of_2(I n) { return as_float((n + 127) << 23); }

INLINE V v_exp(V x) {
    V y = x < -87.3365f ? (V)-87.3365f : x;
    y = y > 88.7228f ? (V)88.7228f : y;
    const V shifted = v_fma(y, (V)LOG2_E, (V)ROUND_MAGIC);
    const V p = v_exp_of_rest(v_without_ln2(y, shifted - ROUND_MAGIC));
    // 2ⁿ in two factors, so that n = 128 does not overflow the exponent.
    const I whole = v_whole(shifted), half = whole >> 1;
    V result = p * v_power_of_2(half) * v_power_of_2(whole - half);
    result = x > 88.7228f ? (V)__builtin_inff() : result;
    return x < -87.3365f ? (V)0 : result;
}

// eˣ for x ≤ 0. Below -87 it is no smaller than 1.6·10⁻³⁸, so that it needs neither a second factor nor a special case.
INLINE V v_exp_of_negative(V x) {
    const V y = x < -87.0f ? (V)-87.0f : x;
    const V shifted = v_fma(y, (V)LOG2_E, (V)ROUND_MAGIC);
    return v_exp_of_rest(v_without_ln2(y, shifted - ROUND_MAGIC)) * v_power_of_2(v_whole(shifted));
}

INLINE V v_log(V x) {
    const I bits = as_int(x);
    V e = __builtin_convertvector((bits >> 23) - 126, V);
    V m = as_float((bits & 0x007fffff) | 0x3f000000);
    const I low = m < 0.707106781f;
    e = low ? e - 1 : e;
    m = (low ? m + m : m) - 1.0f;
    const V z = m * m;
    const V p = POLYNOMIAL(m, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                           -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f);
    const V y = v_fma((V)-0.5f, z, v_fma(e, (V)LN2_LOW, p * m * z));
    V result = v_fma(e, (V)LN2_HIGH, m + y);
    result = x < 1.17549435e-38f ? (V)-__builtin_inff() : result;  // zero, and numbers too small to be normal
    result = x < 0 ? (V)__builtin_nanf("") : result;
    result = x == __builtin_inff() ? x : result;
    return x != x ? x : result;
}

// Sine of x + quadrant · π/2, for |x| below about 10⁴ radians.
INLINE V v_sine_from(V x, int quadrant) {
    const V shifted = v_fma(x, (V)0.636619772f, (V)ROUND_MAGIC);
    const V n = shifted - ROUND_MAGIC;
    const I q = v_whole(shifted) + quadrant;
    // π/2 in three parts, the first two of few bits.
    V r = v_fma(-n, (V)1.5703125f, x);
    r = v_fma(-n, (V)4.837512969970703e-4f, r);
    r = v_fma(-n, (V)7.549789948768648e-8f, r);
    const V z = r * r;
    const V s = v_fma(POLYNOMIAL(z, -1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f) * z, r, r);
    const V c = v_fma(POLYNOMIAL(z, 2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f) * z, z,
                      v_fma((V)-0.5f, z, (V)1.0f));
    const V y = (q & 1) != 0 ? c : s;
    return (q & 2) != 0 ? -y : y;
}

// 1 / (1 + e⁻ˣ). Below -87 it is no smaller than 1.6·10⁻³⁸, so that e⁻ˣ needs neither a second factor nor a special case.
INLINE V v_sigmoid(V x) {
    V y = x < -87.0f ? (V)-87.0f : x;
    y = y > 87.0f ? (V)87.0f : y;
    const V shifted = v_fma(-y, (V)LOG2_E, (V)ROUND_MAGIC);
    const V p = v_exp_of_rest(v_without_ln2(-y, shifted - ROUND_MAGIC));
    return 1.0f / v_fma(p, v_power_of_2(v_whole(shifted)), (V)1.0f);
}

INLINE V v_tanh(V x) {
    const V a = v_abs(x), z = x * x;
    const V p = POLYNOMIAL(z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f);
    const V near = v_fma(p * z, x, x);
    const V far = 1.0f - 2.0f / (v_exp(a + a) + 1.0f);
    return a < 0.625f ? near : (x < 0 ? -far : far);
}
