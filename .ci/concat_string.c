// The one function of Fortran's runtime that OpenBLAS's LAPACK calls where its symmetric eigenproblem is linked from the archive:
// `make dist` needs neither libgfortran (GPL with an exception) nor libquadmath (LGPL) for it.
#include <stddef.h>
#include <string.h>

// target = first // second, cut off or filled up with blanks to `length`.
void _gfortran_concat_string(
    size_t length, char *target, size_t first_length, const char *first, size_t second_length, const char *second) {
    const size_t head = first_length < length ? first_length : length, rest = length - head;
    const size_t tail = second_length < rest ? second_length : rest;
    memcpy(target, first, head);
    memcpy(target + head, second, tail);
    memset(target + head + tail, ' ', rest - tail);
}
