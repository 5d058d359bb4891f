#include "loops.h"

// C = bias + sum over groups, segments and steps of A B, or C += that. Element (i, g, s, k) of the
// first factor is a[i a_row + g a_group + s a_segment + k a_step]; element (g, s, k, j) of the
// second is b[g b_group + s b_segment + k b_row + j].
typedef struct {
  long rows, columns, depth, segments, groups;
  const float *a;
  long a_row, a_step, a_segment, a_group;
  const float *b;
  long b_row, b_segment, b_group;
  const float *bias;
  float *c;
  long c_row;
  int accumulates;
} ck_product;

#define CK_JOIN(a, b) a##_##b

#define CK_LEVEL(name) CK_JOIN(name, portable)
#define CK_TARGET
#define CK_LANES 4
#define CK_ROWS 6
#include "product_tile.h"
#undef CK_LEVEL
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS

#if defined(__x86_64__)
#define CK_LEVEL(name) CK_JOIN(name, v3)
#define CK_TARGET __attribute__((target("arch=x86-64-v3")))
#define CK_LANES 8
#define CK_ROWS 6
#include "product_tile.h"
#undef CK_LEVEL
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS

#define CK_LEVEL(name) CK_JOIN(name, v4)
// Without the second attribute the compiler splits vectors of 512 bits into halves.
#define CK_TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define CK_LANES 16
#define CK_ROWS 12
#include "product_tile.h"
#undef CK_LEVEL
#undef CK_TARGET
#undef CK_LANES
#undef CK_ROWS
#endif

int ck_best_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return CK_LEVEL_V4;
  if (__builtin_cpu_supports("x86-64-v3")) return CK_LEVEL_V3;
#endif
  return CK_LEVEL_PORTABLE;
}

static void multiply(int level, const ck_product *p, long count, long a_next, long c_next,
                     long inner, long a_inner, long c_inner) {
#if defined(__x86_64__)
  if (level == CK_LEVEL_V4) {
    multiply_v4(p, count, a_next, c_next, inner, a_inner, c_inner);
    return;
  }
  if (level == CK_LEVEL_V3) {
    multiply_v3(p, count, a_next, c_next, inner, a_inner, c_inner);
    return;
  }
#endif
  multiply_portable(p, count, a_next, c_next, inner, a_inner, c_inner);
}

void ck_convolve(int level, const ck_window *w, long filters, long examples, const float *images,
                 const float *weights, const float *bias, const ck_placement *placement,
                 float *z) {
  const long pitch = w->in_width * w->channels, image = w->in_height * pitch;
  const long places = w->kernel_width * w->channels;
  ck_product p = {.rows = w->out_width,
                  .columns = filters,
                  .depth = places,
                  .segments = w->kernel_height,
                  .groups = 1,
                  .a = images,
                  .a_row = w->stride_width * w->channels,
                  .a_step = 1,
                  .a_segment = pitch,
                  .b = weights,
                  .b_row = filters,
                  .b_segment = places * filters,
                  .bias = bias,
                  .c = z,
                  .c_row = placement->step};
  multiply(level, &p, examples, image, placement->image, w->out_height,
           w->stride_height * pitch, placement->pitch);
}

void ck_convolve_weights(int level, const ck_window *w, long filters, long examples,
                         const float *images, const float *dz, const ck_placement *placement,
                         int transposed, int accumulates, float *gradient) {
  const long pitch = w->in_width * w->channels, image = w->in_height * pitch;
  const long places = w->kernel_width * w->channels;
  const long step = w->stride_width * w->channels, segment = w->stride_height * pitch;
  if (transposed) {
    ck_product p = {.rows = filters,
                    .columns = places,
                    .depth = w->out_width,
                    .segments = w->out_height,
                    .groups = examples,
                    .a = dz,
                    .a_row = 1,
                    .a_step = placement->step,
                    .a_segment = placement->pitch,
                    .a_group = placement->image,
                    .b = images,
                    .b_row = step,
                    .b_segment = segment,
                    .b_group = image,
                    .c = gradient,
                    .c_row = places,
                    .accumulates = accumulates};
    for (long ky = 0; ky < w->kernel_height; ky++) {
      multiply(level, &p, 1, 0, 0, 1, 0, 0);
      p.b += pitch;
      p.c += places * filters;
    }
    return;
  }
  ck_product p = {.rows = places,
                  .columns = filters,
                  .depth = w->out_width,
                  .segments = w->out_height,
                  .groups = examples,
                  .a = images,
                  .a_row = 1,
                  .a_step = step,
                  .a_segment = segment,
                  .a_group = image,
                  .b = dz,
                  .b_row = placement->step,
                  .b_segment = placement->pitch,
                  .b_group = placement->image,
                  .c = gradient,
                  .c_row = filters,
                  .accumulates = accumulates};
  multiply(level, &p, 1, 0, 0, w->kernel_height, pitch, places * filters);
}

CK_CLONES void ck_pad_images(const ck_window *w, long examples, long padded_height,
                             long padded_width, const float *images, float *padded) {
  const long row = w->in_width * w->channels, wide = padded_width * w->channels;
  // A negative padding leaves out the first columns or rows.
  const long left = w->pad_left > 0 ? w->pad_left * w->channels : 0;
  const long skipped = w->pad_left < 0 ? -w->pad_left * w->channels : 0;
  long copied = row - skipped < wide - left ? row - skipped : wide - left;
  if (copied < 0) copied = 0;
  for (long example = 0; example < examples; example++)
    for (long y = 0; y < padded_height; y++, padded += wide) {
      long source = y - w->pad_top;
      if (source < 0 || source >= w->in_height) {
        memset(padded, 0, (size_t)wide * sizeof *padded);
        continue;
      }
      const float *from = images + (example * w->in_height + source) * row + skipped;
      for (long i = 0; i < left; i++) padded[i] = 0;
      for (long i = 0; i < copied; i++) padded[left + i] = from[i];
      for (long i = left + copied; i < wide; i++) padded[i] = 0;
    }
}
