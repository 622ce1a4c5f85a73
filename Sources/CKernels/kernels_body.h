// All kernels for one instruction set, inside a region whose functions are compiled for it. Included once in each of the files of the
// sets, which say
//     FUSED           whether it adds a product in one rounding
//     PANEL_VECTORS   vectors of 16 columns in a panel of a product: 4 where the set has 32 registers of 16 numbers, else 1
//     LOAD_FIRST, STORE_FIRST  where it has instructions for them
// and then include kernel_table.h.
#include <stdint.h>

#include "kernel_set.h"

// One rounding or two is a matter of what the code says, not of what a compiler finds.
#pragma clang fp contract(off)

#include "vector.h"
#include "transpose.h"

#include "fused_body.h"
#include "products_body.h"
#include "attention_body.h"
#include "matrix_kinds.h"
