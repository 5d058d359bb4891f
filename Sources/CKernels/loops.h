#pragma once
// What every source file of this target shares: the versions for several CPUs, and the elementary
// functions as straight-line code that the compiler can vectorise (calls to libm it cannot).
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CKernels.h"

// One function body, three machine codes; the loader picks the best that the CPU can run.
#if defined(__x86_64__) && defined(__linux__)
#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif

#define CK_INLINE static inline __attribute__((always_inline))

CK_INLINE float ck_larger(float a, float b) { return a > b ? a : b; }
CK_INLINE float ck_smaller(float a, float b) { return a < b ? a : b; }

// 2^n for n in -126...127, given as a float with a whole value.
CK_INLINE float ck_power_of_two(float n) {
  int32_t bits = ((int32_t)n + 127) << 23;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

// Splits x = n * ln 2 + r with |r| <= ln 2 / 2 and n whole. Adding and subtracting 1.5 * 2^23
// rounds to a whole number without an instruction that the oldest x86-64 lacks; ln 2 comes in two
// parts so that r keeps its low bits.
CK_INLINE float ck_reduce(float x, float *n) {
  const float magic = 12582912.0f;
  *n = (x * 1.44269504088896341f + magic) - magic;
  float r = x - *n * 0.693359375f;
  return r - *n * -2.12194440e-4f;
}

// e^r - 1 for |r| <= ln 2 / 2: Taylor's series; the first term left out is below 2^-27 of the sum.
CK_INLINE float ck_expm1_near_zero(float r) {
  float p = 1.0f / 40320;
  p = p * r + 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  return r + (r * r) * p;
}

// e^x, with x limited to what keeps the result a normal number.
CK_INLINE float ck_exp(float x) {
  float n;
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.3f ? 88.3f : x;
  float r = ck_reduce(x, &n);
  return (1.0f + ck_expm1_near_zero(r)) * ck_power_of_two(n);
}

// tanh x = t / (t + 2) with t = e^(2|x|) - 1, which loses no digits near zero.
CK_INLINE float ck_tanh(float x) {
  float n;
  float magnitude = x < 0 ? -x : x;
  float doubled = 2.0f * magnitude;
  doubled = doubled > 40.0f ? 40.0f : doubled;
  float r = ck_reduce(doubled, &n);
  float scale = ck_power_of_two(n);
  float t = scale * ck_expm1_near_zero(r) + (scale - 1.0f);
  float y = t / (t + 2.0f);
  return x < 0 ? -y : y;
}

CK_INLINE float ck_sigmoid(float x) { return 1.0f / (1.0f + ck_exp(-x)); }

// ln(1 + t) for t in [0, 1] as 2 artanh(t / (2 + t)); the first term left out is below 2^-28.
CK_INLINE float ck_log1p(float t) {
  float s = t / (2.0f + t);
  float z = s * s;
  float p = 1.0f / 15;
  p = p * z + 1.0f / 13;
  p = p * z + 1.0f / 11;
  p = p * z + 1.0f / 9;
  p = p * z + 1.0f / 7;
  p = p * z + 1.0f / 5;
  p = p * z + 1.0f / 3;
  return 2.0f * s + 2.0f * s * z * p;
}

CK_INLINE float ck_softplus(float x) {
  float magnitude = x < 0 ? -x : x;
  return (x > 0 ? x : 0) + ck_log1p(ck_exp(-magnitude));
}

// Adds up to 256 floats in eight fixed lanes of doubles, so that the sum is the same on every CPU.
CK_INLINE double ck_block_sum(long count, const float *values) {
  double lanes[8] = {0};
  long i = 0;
  for (; i + 8 <= count; i += 8)
    for (int lane = 0; lane < 8; lane++) lanes[lane] += (double)values[i + lane];
  double sum = 0;
  for (int lane = 0; lane < 8; lane++) sum += lanes[lane];
  for (; i < count; i++) sum += (double)values[i];
  return sum;
}
