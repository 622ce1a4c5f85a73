// Matrix products of float32 memory, for processors with AVX-512.
#pragma once
#include <stdint.h>

/// out = a · b, and a bias: a [m, k] and b [k, n] with neighbours in memory along one of their axes, out [m, n] with neighbouring columns.
typedef struct {
    long m, n, k;
    long a_row, a_column, b_row, b_column, out_row;
    const float *a, *b;
    float *out;
    const float *bias;       // n numbers added to each row; null for none
    const uint32_t *panels;  // b as it was packed before; null where it is not
} ablate_matrix_product;

/// Whether the processor has what the products need, and whether it multiplies pairs of bfloat16 numbers itself.
int ablate_has_matrix_products(void);
int ablate_has_bfloat16_products(void);

// An element's sum does not depend on m, n or its place, so parts of a product have the bits of the whole.

/// Packs b, for products of many bands of rows with it: n up to a multiple of 16, times k words, half of that for bfloat16.
void ablate_matrix_pack_float32(const ablate_matrix_product *product, uint32_t *panels);
void ablate_matrix_pack_bfloat16(const ablate_matrix_product *product, uint32_t *panels);

void ablate_matrix_product_float32(const ablate_matrix_product *product);
/// Operands are rounded to the nearest bfloat16 number as they are packed; sums are float32.
void ablate_matrix_product_bfloat16(const ablate_matrix_product *product);
