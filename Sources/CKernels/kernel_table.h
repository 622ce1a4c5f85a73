// The table of the kernels of one instruction set, behind all of them. Included once in each of the files of the sets, which say
//     KERNEL_SET      the name of the table
//     SET_NAME        the set's name in words
//     RANDOM          the form of the random numbers that suits it
//     PAIRS           where matrix_pairs.h is included
const ablate_kernel_set KERNEL_SET = {
    .name = SET_NAME,
    .fused_run = fused_run,
    .sum = sum,
    .largest = largest,
    .products_run = products_run,
    .attention_run = attention_run,
    .float32 = {packed_floats_float32, matrix_pack_float32, matrix_product_float32},
    .rounded = {packed_floats_rounded, matrix_pack_rounded, matrix_product_rounded},
#ifdef PAIRS
    .pairs = {packed_floats_pairs, matrix_pack_pairs, matrix_product_pairs},
#endif
    .random = RANDOM,
};
