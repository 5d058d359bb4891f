#pragma once
// The BLAS interface comes from the system's OpenBLAS. Debian builds it without LAPACKE, so the few
// LAPACK routines that are called are declared here with their Fortran names: every argument is a
// pointer, matrices are column-major, and the hidden lengths of the character arguments, which the
// routines never read for one-letter options, are left out as LAPACK's own C callers leave them
// out.
#include <cblas.h>

// All eigenvalues, and eigenvectors on request, of a symmetric matrix: divide and conquer.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info);

// Selected eigenvalues and eigenvectors of a symmetric matrix: relatively robust representations.
void dsyevr_(const char *jobz, const char *range, const char *uplo, const int *n, double *a,
             const int *lda, const double *vl, const double *vu, const int *il, const int *iu,
             const double *abstol, int *m, double *w, double *z, const int *ldz, int *isuppz,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info);

// Eigenvalues, and right eigenvectors on request, of a general matrix.
void dgeev_(const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda,
            double *wr, double *wi, double *vl, const int *ldvl, double *vr, const int *ldvr,
            double *work, const int *lwork, int *info);

// Singular values and vectors: divide and conquer.
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork,
             int *iwork, int *info);

// Minimum-norm least squares by singular values.
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
             const int *ldb, double *s, const double *rcond, int *rank, double *work,
             const int *lwork, int *iwork, int *info);

// Solution of a symmetric positive definite system by Cholesky's factors.
void dposv_(const char *uplo, const int *n, const int *nrhs, double *a, const int *lda, double *b,
            const int *ldb, int *info);
