// For 64-bit Arm processors, all of which have these instructions.
#if defined(__aarch64__)
#define KERNEL_SET ablate_neon
#define SET_NAME "neon"
#define FUSED 1
#define PANEL_VECTORS 1
#define RANDOM ablate_random_portable
#include "kernels_body.h"
#include "kernel_table.h"
#endif
