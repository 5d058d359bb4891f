#include "loops.h"

// Sums of deviations from the first row, in double: one pass over the data, and no loss of digits
// when the mean is large against the deviation.
CK_CLONES void ck_moments(long rows, long columns, const float *x, double *mean, double *squares) {
  for (long c = 0; c < columns; c++) mean[c] = 0, squares[c] = 0;
  if (rows == 0) return;
  for (long r = 1; r < rows; r++) {
    const float *row = x + r * columns;
    for (long c = 0; c < columns; c++) {
      double deviation = (double)row[c] - (double)x[c];
      mean[c] += deviation;
      squares[c] += deviation * deviation;
    }
  }
  for (long c = 0; c < columns; c++) {
    double sum = mean[c], excess = sum * sum / (double)rows;
    squares[c] = squares[c] > excess ? squares[c] - excess : 0;
    mean[c] = (double)x[c] + sum / (double)rows;
  }
}

CK_CLONES void ck_normalize(long rows, long columns, const float *x, const float *mean,
                            const float *scale, const float *shift, float *y) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * columns;
    float *out = y + r * columns;
    for (long c = 0; c < columns; c++) out[c] = (in[c] - mean[c]) * scale[c] + shift[c];
  }
}

CK_CLONES void ck_normalize_sums(long rows, long columns, const float *x, const float *dy,
                                 const float *mean, const float *inverse_deviation, double *sums,
                                 double *products) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * columns, *slope = dy + r * columns;
    for (long c = 0; c < columns; c++) {
      sums[c] += (double)slope[c];
      products[c] += (double)(slope[c] * ((in[c] - mean[c]) * inverse_deviation[c]));
    }
  }
}

CK_CLONES void ck_normalize_backward(long rows, long columns, const float *x, const float *dy,
                                     const float *mean, const float *a, const float *b,
                                     const float *k, float *dx) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * columns, *slope = dy + r * columns;
    float *out = dx + r * columns;
    for (long c = 0; c < columns; c++)
      out[c] = a[c] * slope[c] + b[c] * (in[c] - mean[c]) + k[c];
  }
}
