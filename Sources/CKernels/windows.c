#include "loops.h"

// The part of a window that lies inside the image along one axis: places from ..< to.
typedef struct {
  long start, from, to;
} span_of_window;

CK_INLINE span_of_window inside(long out, long stride, long pad, long kernel, long size) {
  span_of_window s;
  s.start = out * stride - pad;
  s.from = s.start < 0 ? -s.start : 0;
  s.to = size - s.start < kernel ? size - s.start : kernel;
  if (s.from > kernel) s.from = kernel;
  if (s.to < s.from) s.to = s.from;
  return s;
}

CK_INLINE void copy(float *restrict y, const float *restrict x, long count) {
  for (long i = 0; i < count; i++) y[i] = x[i];
}

CK_INLINE void zero(float *y, long count) {
  for (long i = 0; i < count; i++) y[i] = 0;
}

CK_CLONES void ck_gather_windows(const ck_window *w, long first, long last, const float *images,
                                 float *columns) {
  const long positions = w->out_height * w->out_width, channels = w->channels;
  const long row_length = w->kernel_width * channels, image = w->in_height * w->in_width * channels;
  long example = first / positions, rest = first % positions;
  long oy = rest / w->out_width, ox = rest % w->out_width;
  float *target = columns;
  for (long row = first; row < last; row++) {
    span_of_window h = inside(ox, w->stride_width, w->pad_left, w->kernel_width, w->in_width);
    for (long ky = 0; ky < w->kernel_height; ky++, target += row_length) {
      long iy = oy * w->stride_height - w->pad_top + ky;
      if (iy < 0 || iy >= w->in_height) {
        zero(target, row_length);
        continue;
      }
      const float *source = images + example * image + (iy * w->in_width + h.start) * channels;
      zero(target, h.from * channels);
      copy(target + h.from * channels, source + h.from * channels, (h.to - h.from) * channels);
      zero(target + h.to * channels, (w->kernel_width - h.to) * channels);
    }
    if (++ox == w->out_width) {
      ox = 0;
      if (++oy == w->out_height) oy = 0, example++;
    }
  }
}

CK_CLONES void ck_scatter_windows(const ck_window *w, long first, long last, const float *columns,
                                  float *images) {
  const long positions = w->out_height * w->out_width, channels = w->channels;
  const long row_length = w->kernel_width * channels, image = w->in_height * w->in_width * channels;
  long example = first / positions, rest = first % positions;
  long oy = rest / w->out_width, ox = rest % w->out_width;
  const float *source = columns;
  for (long row = first; row < last; row++) {
    span_of_window h = inside(ox, w->stride_width, w->pad_left, w->kernel_width, w->in_width);
    for (long ky = 0; ky < w->kernel_height; ky++, source += row_length) {
      long iy = oy * w->stride_height - w->pad_top + ky;
      if (iy < 0 || iy >= w->in_height) continue;
      float *target = images + example * image + (iy * w->in_width + h.start) * channels;
      for (long i = h.from * channels; i < h.to * channels; i++) target[i] += source[i];
    }
    if (++ox == w->out_width) {
      ox = 0;
      if (++oy == w->out_height) oy = 0, example++;
    }
  }
}

// Runs `body` for each output position, with its window's spans in v (rows) and h (columns), and
// the offsets of its channel vectors in `out` (output) and `base` (first image element of the
// example).
#define CK_EACH_POSITION(...)                                                                     \
  const long image = w->in_height * w->in_width * channels;                                       \
  for (long example = 0; example < examples; example++)                                           \
    for (long oy = 0; oy < w->out_height; oy++) {                                                 \
      span_of_window v = inside(oy, w->stride_height, w->pad_top, w->kernel_height, w->in_height); \
      for (long ox = 0; ox < w->out_width; ox++) {                                                \
        span_of_window h = inside(ox, w->stride_width, w->pad_left, w->kernel_width, w->in_width); \
        long out = ((example * w->out_height + oy) * w->out_width + ox) * channels;               \
        long base = example * image;                                                              \
        __VA_ARGS__                                                                               \
      }                                                                                           \
    }

#define CK_EACH_TAP(...)                                                             \
  for (long ky = v.from; ky < v.to; ky++)                                            \
    for (long kx = h.from; kx < h.to; kx++) {                                        \
      long in = base + ((v.start + ky) * w->in_width + h.start + kx) * channels;     \
      uint16_t tap = (uint16_t)(ky * w->kernel_width + kx);                          \
      (void)tap;                                                                     \
      __VA_ARGS__                                                                    \
    }

// The same body with the usual numbers of channels as constants: loops over eight or sixteen
// channels are then a vector or two instead of mostly the preparation of a loop.
#define CK_BY_CHANNELS(function, ...)                           \
  switch (w->channels) {                                        \
    case 8: function(8, __VA_ARGS__); break;                    \
    case 16: function(16, __VA_ARGS__); break;                  \
    case 32: function(32, __VA_ARGS__); break;                  \
    case 64: function(64, __VA_ARGS__); break;                  \
    default: function(w->channels, __VA_ARGS__);                \
  }

// The first of equal values wins, and not-a-number wins over everything, as in PyTorch.
CK_INLINE void max_pool(const long channels, const ck_window *w, long examples, const float *x,
                        float *restrict y, uint16_t *restrict taps) {
  CK_EACH_POSITION({
    float *best = y + out;
    uint16_t *chosen = taps + out;
    for (long c = 0; c < channels; c++) best[c] = -INFINITY, chosen[c] = 0;
    CK_EACH_TAP({
      const float *values = x + in;
      for (long c = 0; c < channels; c++) {
        float value = values[c];
        int better = (value > best[c]) | (value != value);
        best[c] = better ? value : best[c];
        chosen[c] = better ? tap : chosen[c];
      }
    })
  })
}

CK_CLONES void ck_max_pool(const ck_window *w, long examples, const float *x, float *y,
                           uint16_t *taps) {
  CK_BY_CHANNELS(max_pool, w, examples, x, y, taps)
}

// Whether every image element lies in at most one window, whose slopes can be written, not added.
CK_INLINE int lies_side_by_side(const ck_window *w) {
  return w->stride_height == w->kernel_height && w->stride_width == w->kernel_width &&
         w->pad_top == 0 && w->pad_left == 0;
}

// Sets the image elements to zero that lie right of or below all windows.
CK_INLINE void zero_margins(const ck_window *w, long examples, float *dx) {
  const long row = w->in_width * w->channels;
  const long covered_rows = w->out_height * w->kernel_height;
  const long covered = w->out_width * w->kernel_width * w->channels;
  for (long example = 0; example < examples; example++)
    for (long y = 0; y < w->in_height; y++) {
      long from = y < covered_rows ? covered : 0;
      zero(dx + (example * w->in_height + y) * row + from, row - from);
    }
}

typedef float floats8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t words8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef uint16_t taps8 __attribute__((vector_size(16), aligned(2), may_alias));
typedef int16_t shorts8 __attribute__((vector_size(16), aligned(2), may_alias));

// target = slope (or += it) where the chosen tap is this one, 0 elsewhere. Written with vectors of
// eight because the compiler turns the plain loop into one branch for each element.
CK_INLINE void route(const int writes, long channels, const uint16_t *chosen, uint16_t tap,
                     const float *slope, float *target) {
  long c = 0;
  for (; c + 8 <= channels; c += 8) {
    shorts8 hit = (shorts8)(*(const taps8 *)(chosen + c) == (taps8){0} + tap);
    floats8 kept = (floats8)(*(const words8 *)(slope + c) & __builtin_convertvector(hit, words8));
    floats8 *place = (floats8 *)(target + c);
    *place = writes ? kept : *place + kept;
  }
  for (; c < channels; c++) {
    float kept = chosen[c] == tap ? slope[c] : 0.0f;
    target[c] = writes ? kept : target[c] + kept;
  }
}

CK_INLINE void max_pool_backward(const long channels, const ck_window *w, long examples,
                                 const uint16_t *restrict taps, const float *restrict dy,
                                 float *restrict dx) {
  const int writes = lies_side_by_side(w);
  if (writes)
    zero_margins(w, examples, dx);
  else
    memset(dx, 0, (size_t)(examples * w->in_height * w->in_width * channels) * sizeof *dx);
  CK_EACH_POSITION({
    const float *slope = dy + out;
    const uint16_t *chosen = taps + out;
    CK_EACH_TAP({
      if (writes)
        route(1, channels, chosen, tap, slope, dx + in);
      else
        route(0, channels, chosen, tap, slope, dx + in);
    })
  })
}

CK_CLONES void ck_max_pool_backward(const ck_window *w, long examples, const uint16_t *taps,
                                    const float *dy, float *dx) {
  CK_BY_CHANNELS(max_pool_backward, w, examples, taps, dy, dx)
}

CK_CLONES void ck_average_pool(const ck_window *w, long examples, const float *x, float *y) {
  const long channels = w->channels;
  CK_EACH_POSITION({
    float *mean = y + out;
    long size = (v.to - v.from) * (h.to - h.from);
    float share = size > 0 ? 1.0f / (float)size : 0.0f;
    for (long c = 0; c < channels; c++) mean[c] = 0;
    CK_EACH_TAP({
      const float *values = x + in;
      for (long c = 0; c < channels; c++) mean[c] += values[c];
    })
    for (long c = 0; c < channels; c++) mean[c] *= share;
  })
}

CK_CLONES void ck_average_pool_backward(const ck_window *w, long examples, const float *dy,
                                        float *dx) {
  const long channels = w->channels;
  memset(dx, 0, (size_t)(examples * w->in_height * w->in_width * channels) * sizeof *dx);
  CK_EACH_POSITION({
    const float *slope = dy + out;
    long size = (v.to - v.from) * (h.to - h.from);
    float share = size > 0 ? 1.0f / (float)size : 0.0f;
    CK_EACH_TAP({
      float *target = dx + in;
      for (long c = 0; c < channels; c++) target[c] += slope[c] * share;
    })
  })
}

CK_CLONES void ck_upsample(long examples, long height, long width, long channels, long fy, long fx,
                           const float *x, float *y) {
  const long out_row = width * fx * channels;
  for (long line = 0; line < examples * height; line++) {
    float *first = y + line * fy * out_row;
    for (long ix = 0; ix < width; ix++)
      for (long k = 0; k < fx; k++)
        copy(first + (ix * fx + k) * channels, x + (line * width + ix) * channels, channels);
    for (long k = 1; k < fy; k++) memcpy(first + k * out_row, first, (size_t)out_row * sizeof *y);
  }
}

CK_CLONES void ck_upsample_backward(long examples, long height, long width, long channels, long fy,
                                    long fx, const float *dy, float *dx) {
  const long out_row = width * fx * channels;
  for (long line = 0; line < examples * height; line++)
    for (long ix = 0; ix < width; ix++) {
      float *target = dx + (line * width + ix) * channels;
      zero(target, channels);
      for (long ky = 0; ky < fy; ky++)
        for (long kx = 0; kx < fx; kx++) {
          const float *slope = dy + (line * fy + ky) * out_row + (ix * fx + kx) * channels;
          for (long c = 0; c < channels; c++) target[c] += slope[c];
        }
    }
}
