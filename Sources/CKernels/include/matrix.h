// Matrix products of float32 memory.
#pragma once

/// out = a · b, and a bias: a [m, k] and b [k, n] with neighbours in memory along one of their axes, out [m, n] with neighbouring columns.
typedef struct {
    long m, n, k;
    long a_row, a_column, b_row, b_column, out_row;
    const float *a, *b;
    float *out;
    const float *bias;    // n numbers added to each row; null for none
    const float *panels;  // b as it was packed before; null where it is not
} ablate_matrix_product;

/// What the operands are: float32 numbers as they are, or rounded to the nearest bfloat16 numbers as they are packed. Sums are float32.
typedef enum { ABLATE_MATRIX_FLOAT32, ABLATE_MATRIX_BFLOAT16 } ablate_matrix_kind;

// Sums run over 256 of the depth at a time, from 0, each product added in one rounding, and are added in order; the bias comes last.
// An element's sum depends neither on m, n, its place nor the width of vectors, so parts of a product have the bits of the whole, on
// every instruction set with fused multiply-adds. Of bfloat16 numbers the second product of each pair in depth is added first, as
// instructions for pairs do; where a set has none, products that are too small to be normal float32 numbers are kept.

/// Floats that b [k, n] takes when it is packed, in whole vectors.
long ablate_matrix_packed_floats(ablate_matrix_kind kind, long n, long k);
/// Packs b, for products of many batch tiles of rows with it.
void ablate_matrix_pack(ablate_matrix_kind kind, const ablate_matrix_product *product, float *panels);

void ablate_matrix_run(ablate_matrix_kind kind, const ablate_matrix_product *product);
/// With the kernel of an instruction set, 0 ..< ablate_instruction_set_count(); for tests that all sets agree.
void ablate_matrix_run_on(int set, ablate_matrix_kind kind, const ablate_matrix_product *product);
