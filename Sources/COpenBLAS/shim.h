// OpenBLAS, and the LAPACK routines that its library carries but its headers do not declare.
#pragma once
#include <cblas.h>

/// Eigenvalues (ascending) and eigenvectors of a real symmetric matrix, by divide and conquer (LAPACK, column-major).
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
