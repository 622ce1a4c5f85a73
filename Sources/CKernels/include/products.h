// Stacks of small matrix products, without a library call for each.
#pragma once

/// Axes of a stack at most; columns below which a product is one of few.
enum { ABLATE_STACK_RANK = 4, ABLATE_THIN_COLUMNS = 8 };

/// out = a · b for each place of a stack: a [m, k] and b [k, n] with any strides, out [m, n] with neighbouring columns.
typedef struct {
    long m, n, k;
    long a_row, a_column, b_row, b_column, out_row;
    /// Axes of the stack, the last one fastest.
    int rank;
    long extent[ABLATE_STACK_RANK], a_stride[ABLATE_STACK_RANK], b_stride[ABLATE_STACK_RANK], out_stride[ABLATE_STACK_RANK];
    const float *a, *b;
    float *out;
    int adds;       // whether to what is in out
    float *packed;  // k × (n up to a multiple of 16) floats, for a b whose columns are no neighbours, or are few
} ablate_products;

/// Memory must be readable up to 15 floats past a row's end; nothing is written there.
void ablate_products_run(const ablate_products *stack);
/// With the kernel of a set, 0 ..< ablate_instruction_set_count(); for tests that all sets agree.
void ablate_products_run_on(int set, const ablate_products *stack);
