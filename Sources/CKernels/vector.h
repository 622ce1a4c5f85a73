// Vectors of 16 floats and the elementary functions on them. Included once for each instruction set, inside a region whose
// functions are compiled for it; clang splits a vector where the set has shorter ones.
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

INLINE V as_float(I x) { union { I i; V v; } u = {.i = x}; return u.v; }
INLINE I as_int(V x) { union { V v; I i; } u = {.v = x}; return u.i; }
// The first numbers of a vector to memory, from 1 to all 16; nothing behind them is touched, as it may be another thread's.
INLINE void store_first(float *target, V x, long count) {
#ifdef STORE_FIRST
    STORE_FIRST(target, x, count);
#else
    if (count == 16) *(V *)target = x;
    else for (long i = 0; i < count; i++) target[i] = x[i];
#endif
}

INLINE V v_sqrt(V x) { return __builtin_elementwise_sqrt(x); }
INLINE V v_floor(V x) { return __builtin_elementwise_floor(x); }
INLINE V v_abs(V x) { return as_float(as_int(x) & 0x7fffffff); }
INLINE V v_sign(V x) { return x > 0 ? (V)1 : (x < 0 ? (V)-1 : (V)0); }

// Adding and subtracting 1.5·2²³ rounds to the nearest whole number while |x| < 2²².
#define ROUND_MAGIC 12582912.0f

// eʳ for |r| ≤ ½ ln 2: 1 + r + r² q(r), of least relative error, 3·10⁻⁹. Two passes fewer than Cephes' takes, whose error is a
// hundredth of rounding's: a sigmoid in 13 cycles for 16 numbers instead of 15.
INLINE V v_exp_of_rest(V r) {
    V p = (V)1.381461275741458e-3f;
    p = p * r + 8.368710055947304e-3f;
    p = p * r + 4.166838899254799e-2f;
    p = p * r + 1.666652113199234e-1f;
    p = p * r + 4.999999403953552e-1f;
    p = p * r + 1.0f;
    return p * r + 1.0f;
}

INLINE V v_exp(V x) {
    V y = x < -87.3365f ? (V)-87.3365f : x;
    y = y > 88.7228f ? (V)88.7228f : y;
    V shifted = y * 1.44269504f + ROUND_MAGIC;
    V n = shifted - ROUND_MAGIC;
    V r = y - n * 0.693359375f + n * 2.12194440e-4f;
    V p = v_exp_of_rest(r);
    // 2ⁿ in two factors, so that n = 128 does not overflow the exponent.
    I whole = as_int(shifted) - as_int((V)ROUND_MAGIC);
    I half = whole >> 1;
    V scale = as_float((half + 127) << 23), rest = as_float((whole - half + 127) << 23);
    V result = p * scale * rest;
    result = x > 88.7228f ? (V)__builtin_inff() : result;
    return x < -87.3365f ? (V)0 : result;
}

// eˣ for x ≤ 0. Below -87 it is no smaller than 1.6·10⁻³⁸, so that it needs neither a second factor nor a special case.
INLINE V v_exp_of_negative(V x) {
    V y = x < -87.0f ? (V)-87.0f : x;
    V shifted = y * 1.44269504f + ROUND_MAGIC;
    V n = shifted - ROUND_MAGIC;
    V r = y - n * 0.693359375f + n * 2.12194440e-4f;
    return v_exp_of_rest(r) * as_float((as_int(shifted) - as_int((V)ROUND_MAGIC) + 127) << 23);
}

INLINE V v_log(V x) {
    I bits = as_int(x);
    V e = __builtin_convertvector((bits >> 23) - 126, V);
    V m = as_float((bits & 0x007fffff) | 0x3f000000);
    I low = m < 0.707106781f;
    e = low ? e - 1 : e;
    m = (low ? m + m : m) - 1.0f;
    V z = m * m;
    V p = (V)7.0376836292e-2f;
    p = p * m - 1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m - 1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m - 1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m - 2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    V y = p * m * z + e * -2.12194440e-4f - 0.5f * z;
    V result = m + y + e * 0.693359375f;
    result = x < 1.17549435e-38f ? (V)-__builtin_inff() : result;  // zero, and numbers too small to be normal
    result = x < 0 ? (V)__builtin_nanf("") : result;
    result = x == __builtin_inff() ? x : result;
    return x != x ? x : result;
}

// Sine of x + quadrant · π/2, for |x| below about 10⁴ radians.
INLINE V v_sine_from(V x, int quadrant) {
    V shifted = x * 0.636619772f + ROUND_MAGIC;
    V n = shifted - ROUND_MAGIC;
    I q = as_int(shifted) - as_int((V)ROUND_MAGIC) + quadrant;
    V r = x - n * 1.5703125f - n * 4.837512969970703e-4f - n * 7.549789948768648e-8f;
    V z = r * r;
    V s = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
    V c = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z - 0.5f * z + 1.0f;
    V y = (q & 1) != 0 ? c : s;
    return (q & 2) != 0 ? -y : y;
}

// 1 / (1 + e⁻ˣ). Below -87 it is no smaller than 1.6·10⁻³⁸, so that e⁻ˣ needs neither a second factor nor a special case.
INLINE V v_sigmoid(V x) {
    V y = x < -87.0f ? (V)-87.0f : x;
    y = y > 87.0f ? (V)87.0f : y;
    V shifted = ROUND_MAGIC - y * 1.44269504f;
    V n = shifted - ROUND_MAGIC;
    V r = -y - n * 0.693359375f + n * 2.12194440e-4f;
    V p = v_exp_of_rest(r);
    return 1.0f / (1.0f + p * as_float((as_int(shifted) - as_int((V)ROUND_MAGIC) + 127) << 23));
}

INLINE V v_tanh(V x) {
    V a = v_abs(x), z = x * x;
    V p = ((((-5.70498872745e-3f * z + 2.06390887954e-2f) * z - 5.37397155531e-2f) * z + 1.33314422036e-1f) * z
           - 3.33332819422e-1f) * z * x + x;
    V big = 1.0f - 2.0f / (v_exp(a + a) + 1.0f);
    return a < 0.625f ? p : (x < 0 ? -big : big);
}
