#include "loops.h"

enum { block = 256 };

CK_INLINE float row_maximum(long columns, const float *row) {
  float largest = row[0];
  for (long c = 1; c < columns; c++) largest = row[c] > largest ? row[c] : largest;
  return largest;
}

CK_CLONES double ck_softmax_cross_entropy(long rows, long columns, const float *logits,
                                          const int32_t *labels, const float *weights, float factor,
                                          float *gradient) {
  double total = 0;
  for (long r = 0; r < rows; r++) {
    const float *row = logits + r * columns;
    float *slope = gradient + r * columns;
    float largest = row_maximum(columns, row);
    for (long c = 0; c < columns; c++) slope[c] = ck_exp(row[c] - largest);
    double sum = 0;
    for (long c = 0; c < columns; c++) sum += (double)slope[c];
    int32_t label = labels[r];
    double weight = weights ? (double)weights[label] : 1.0;
    total += weight * (log(sum) - (double)(row[label] - largest));
    float share = (float)((double)factor * weight / sum);
    for (long c = 0; c < columns; c++) slope[c] *= share;
    slope[label] -= factor * (float)weight;
  }
  return total;
}

CK_CLONES double ck_binary_cross_entropy(long count, const float *logits, const float *targets,
                                         float factor, float *gradient) {
  float losses[block];
  double total = 0;
  for (long start = 0; start < count; start += block) {
    long length = count - start < block ? count - start : block;
    for (long j = 0; j < length; j++) {
      float x = logits[start + j], t = targets[start + j];
      float magnitude = x < 0 ? -x : x;
      float tail = ck_exp(-magnitude);  // both the loss and the sigmoid need it
      losses[j] = (x > 0 ? x : 0) - x * t + ck_log1p(tail);
      float sigmoid = (x > 0 ? 1.0f : tail) / (1.0f + tail);
      gradient[start + j] = factor * (sigmoid - t);
    }
    total += ck_block_sum(length, losses);
  }
  return total;
}

CK_CLONES double ck_squared_error(long count, const float *values, const float *targets,
                                  float factor, float *gradient) {
  float losses[block];
  double total = 0;
  for (long start = 0; start < count; start += block) {
    long length = count - start < block ? count - start : block;
    for (long j = 0; j < length; j++) {
      float difference = values[start + j] - targets[start + j];
      losses[j] = difference * difference;
      gradient[start + j] = 2.0f * factor * difference;
    }
    total += ck_block_sum(length, losses);
  }
  return total;
}

CK_CLONES double ck_gaussian_divergence(long count, const float *mean, const float *log_variance,
                                        float factor, float *mean_gradient,
                                        float *log_variance_gradient) {
  float losses[block];
  double total = 0;
  for (long start = 0; start < count; start += block) {
    long length = count - start < block ? count - start : block;
    for (long j = 0; j < length; j++) {
      float m = mean[start + j], v = log_variance[start + j], variance = ck_exp(v);
      losses[j] = 0.5f * (m * m + variance - 1.0f - v);
      mean_gradient[start + j] += factor * m;
      log_variance_gradient[start + j] += 0.5f * factor * (variance - 1.0f);
    }
    total += ck_block_sum(length, losses);
  }
  return total;
}

CK_CLONES void ck_softmax(long rows, long columns, const float *x, float *y) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * columns;
    float *out = y + r * columns;
    float largest = row_maximum(columns, row);
    for (long c = 0; c < columns; c++) out[c] = ck_exp(row[c] - largest);
    double sum = 0;
    for (long c = 0; c < columns; c++) sum += (double)out[c];
    float share = (float)(1.0 / sum);
    for (long c = 0; c < columns; c++) out[c] *= share;
  }
}

CK_CLONES void ck_softmax_backward(long rows, long columns, const float *y, const float *dy,
                                   float *dx) {
  for (long r = 0; r < rows; r++) {
    const float *share = y + r * columns, *slope = dy + r * columns;
    float *out = dx + r * columns;
    double sum = 0;
    for (long c = 0; c < columns; c++) sum += (double)share[c] * (double)slope[c];
    float mean = (float)sum;
    for (long c = 0; c < columns; c++) out[c] = share[c] * (slope[c] - mean);
  }
}
