// For any processor: two roundings where others have one, so results differ from theirs in their last bits.
#define KERNEL_SET ablate_portable
#define SET_NAME "portable"
#define FUSED 0
#define PANEL_VECTORS 1
#define RANDOM ablate_random_portable
#include "kernels_body.h"
#include "kernel_table.h"
