// The instruction sets that kernels are compiled for.
#pragma once

/// The number of sets that this processor can run, from the least to the one with the most.
int ablate_instruction_set_count(void);
/// "portable", "avx2", "avx512" or "neon", of a set 0 ..< ablate_instruction_set_count().
const char *ablate_instruction_set_name(int set);
/// The set whose kernels are run: the one that the environment variable ABLATE_INSTRUCTIONS names when it is first asked for, or else
/// the one with the most. A name that is none, or not of this processor, counts as none.
int ablate_instruction_set(void);
