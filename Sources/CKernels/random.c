#include "loops.h"

// Philox2x32 with ten rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1,
// 2, 3", SC 2011). One counter gives the words of two neighbouring elements, so every element's
// bits are a function of the key and its own number, whoever asks and in whatever order.
enum { block_pairs = 128 };

CK_INLINE void fill_block(uint64_t key, uint64_t first_pair, uint32_t *even, uint32_t *odd) {
  for (int j = 0; j < block_pairs; j++) {
    uint64_t pair = first_pair + (uint64_t)j;
    uint32_t c0 = (uint32_t)pair, c1 = (uint32_t)(key >> 32) ^ (uint32_t)(pair >> 32);
    uint32_t k = (uint32_t)key;
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
      uint64_t product = (uint64_t)c0 * 0xD256D193u;
      c0 = (uint32_t)(product >> 32) ^ k ^ c1;
      c1 = (uint32_t)product;
      k += 0x9E3779B9u;
    }
    even[j] = c0;
    odd[j] = c1;
  }
}

// Calls `body` for each element with its bits in `word` and its place in the call in `i`.
#define CK_WITH_BITS(...)                                                           \
  uint32_t even[block_pairs], odd[block_pairs], bits[2 * block_pairs];              \
  uint64_t element = (uint64_t)first, end = (uint64_t)first + (uint64_t)count;      \
  while (element < end) {                                                           \
    uint64_t start = element & ~(uint64_t)1;                                        \
    fill_block(key, start >> 1, even, odd);                                         \
    for (int j = 0; j < block_pairs; j++) {                                         \
      bits[2 * j] = even[j];                                                        \
      bits[2 * j + 1] = odd[j];                                                     \
    }                                                                               \
    uint64_t stop = start + 2 * block_pairs < end ? start + 2 * block_pairs : end;  \
    const uint32_t *words = bits + (element - start);                               \
    long base = (long)(element - (uint64_t)first), length = (long)(stop - element); \
    for (long j = 0; j < length; j++) {                                             \
      long i = base + j;                                                            \
      uint32_t word = words[j];                                                     \
      __VA_ARGS__                                                                   \
    }                                                                               \
    element = stop;                                                                 \
  }

CK_CLONES void ck_dropout(uint64_t key, long first, long count, uint32_t threshold, float factor,
                          const float *x, float *y) {
  CK_WITH_BITS(y[i] = word >= threshold ? x[i] * factor : 0.0f;)
}

CK_CLONES void ck_random_bits(uint64_t key, long first, long count, uint32_t *result) {
  CK_WITH_BITS(result[i] = word;)
}

// Box and Muller's transformation, one number from each pair of words, in double: sampling is a
// small part of any step, and the tails of the distribution stay right.
CK_CLONES void ck_sample_normal(uint64_t key, long first, long count, const float *mean,
                                const float *log_variance, float *noise, float *z) {
  uint32_t even[block_pairs], odd[block_pairs];
  for (long start = 0; start < count; start += block_pairs) {
    long length = count - start < block_pairs ? count - start : block_pairs;
    fill_block(key, (uint64_t)(first + start), even, odd);
    for (long j = 0; j < length; j++) {
      double radius = sqrt(-2.0 * log(((double)even[j] + 0.5) * 0x1p-32));
      noise[start + j] = (float)(radius * cos(6.283185307179586 * ((double)odd[j] * 0x1p-32)));
    }
    for (long j = start; j < start + length; j++)
      z[j] = mean[j] + ck_exp(0.5f * log_variance[j]) * noise[j];
  }
}

CK_CLONES void ck_sample_normal_backward(long count, const float *log_variance, const float *noise,
                                         const float *dz, float *mean_gradient,
                                         float *log_variance_gradient) {
  for (long i = 0; i < count; i++) {
    mean_gradient[i] += dz[i];
    log_variance_gradient[i] += 0.5f * dz[i] * noise[i] * ck_exp(0.5f * log_variance[i]);
  }
}
