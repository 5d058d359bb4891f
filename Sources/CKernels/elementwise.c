#include "loops.h"

// GELU and its derivative keep the exact error function of libm: no study trains with it at a size
// where its cost shows.
// The complement keeps the digits of the left tail.
static float gelu(float x) { return 0.5f * x * erfcf(x * -0.70710678118654752f); }

static float gelu_slope(float x) {
  float density = 0.39894228040143268f * expf(-0.5f * x * x);
  return 0.5f * erfcf(x * -0.70710678118654752f) + x * density;
}

#define CK_EACH(expression)                                  \
  for (long i = 0; i < count; i++) {                         \
    float v = x[i];                                          \
    y[i] = (expression);                                     \
  }

CK_INLINE void activate(int kind, long count, const float *x, float *y) {
  switch (kind) {
    case CK_RELU: CK_EACH(v > 0 ? v : 0) break;
    case CK_TANH: CK_EACH(ck_tanh(v)) break;
    case CK_SIGMOID: CK_EACH(ck_sigmoid(v)) break;
    case CK_SOFTPLUS: CK_EACH(ck_softplus(v)) break;
    case CK_SILU: CK_EACH(v * ck_sigmoid(v)) break;
    case CK_GELU: CK_EACH(gelu(v)) break;
    default:
      if (y != x) memcpy(y, x, (size_t)count * sizeof *x);
  }
}

CK_CLONES void ck_activate(int kind, long count, const float *x, float *y) {
  activate(kind, count, x, y);
}

// The bias is added row by row and the activation taken while the row is still in the first cache;
// short rows are grouped so that the vector loops have something to chew on.
CK_CLONES void ck_bias_activate(int kind, long rows, long columns, const float *bias, float *z,
                                float *a) {
  const long group = columns >= 1024 ? 1 : 1024 / (columns > 0 ? columns : 1);
  for (long row = 0; row < rows; row += group) {
    long in_group = rows - row < group ? rows - row : group;
    float *block = z + row * columns;
    if (bias)
      for (long r = 0; r < in_group; r++)
        for (long c = 0; c < columns; c++) block[r * columns + c] += bias[c];
    if (kind != CK_LINEAR || a != z) activate(kind, in_group * columns, block, a + row * columns);
  }
}

#define CK_SLOPE(expression)                                 \
  for (long i = 0; i < count; i++) {                         \
    float v = x[i], u = y[i];                                \
    (void)v;                                                 \
    (void)u;                                                 \
    dx[i] = dy[i] * (expression);                            \
  }

CK_CLONES void ck_activate_backward(int kind, long count, const float *x, const float *y,
                                    const float *dy, float *dx) {
  switch (kind) {
    case CK_RELU:
      for (long i = 0; i < count; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
      break;
    case CK_TANH: CK_SLOPE(1.0f - u * u) break;
    case CK_SIGMOID: CK_SLOPE(u * (1.0f - u)) break;
    case CK_SOFTPLUS: CK_SLOPE(ck_sigmoid(v)) break;
    case CK_SILU:
      for (long i = 0; i < count; i++) {
        float v = x[i], s = ck_sigmoid(v);
        dx[i] = dy[i] * (s * (1.0f + v * (1.0f - s)));
      }
      break;
    case CK_GELU: CK_SLOPE(gelu_slope(v)) break;
    default:
      if (dx != dy) memcpy(dx, dy, (size_t)count * sizeof *dy);
  }
}

CK_CLONES void ck_add(long count, const float *x, float *y) {
  for (long i = 0; i < count; i++) y[i] += x[i];
}

CK_CLONES void ck_scale(long count, float factor, float *y) {
  for (long i = 0; i < count; i++) y[i] *= factor;
}

CK_CLONES void ck_clip(long count, float limit, float *y) {
  for (long i = 0; i < count; i++) {
    float v = y[i];
    v = v > limit ? limit : v;
    y[i] = v < -limit ? -limit : v;
  }
}

CK_CLONES double ck_sum_of_squares(long count, const float *x) {
  double lanes[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; lane++) {
      double v = (double)x[i + lane];
      lanes[lane] += v * v;
    }
  double sum = 0;
  for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
  for (; i < count; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

// Four rows at a time: one load and one store of the running sums for four rows of data.
CK_CLONES void ck_column_sums(long rows, long columns, const float *x, double *sums) {
  long r = 0;
  for (; r + 4 <= rows; r += 4) {
    const float *p0 = x + r * columns, *p1 = p0 + columns, *p2 = p1 + columns, *p3 = p2 + columns;
    for (long c = 0; c < columns; c++)
      sums[c] += ((double)p0[c] + (double)p1[c]) + ((double)p2[c] + (double)p3[c]);
  }
  for (; r < rows; r++)
    for (long c = 0; c < columns; c++) sums[c] += (double)x[r * columns + c];
}

// Blocks of 16 x 16 keep both sides in the first cache.
CK_CLONES void ck_transpose(long rows, long columns, const float *x, float *y) {
  for (long r0 = 0; r0 < rows; r0 += 16)
    for (long c0 = 0; c0 < columns; c0 += 16) {
      long r1 = r0 + 16 < rows ? r0 + 16 : rows, c1 = c0 + 16 < columns ? c0 + 16 : columns;
      for (long c = c0; c < c1; c++)
        for (long r = r0; r < r1; r++) y[c * rows + r] = x[r * columns + c];
    }
}
