#pragma once
// Plain loops over 32-bit floats, compiled for several generations of x86-64 and chosen at run time
// (plain elsewhere). Matrices are row-major, images are NHWC (batch, height, width, channel), a
// 1-D signal is an image of height one. Nothing here allocates, locks or keeps state.
#include <stdint.h>

// The order of these numbers is the order of `ActivationFunction` in Swift.
enum {
  CK_LINEAR = 0,
  CK_RELU = 1,
  CK_TANH = 2,
  CK_SIGMOID = 3,
  CK_SOFTPLUS = 4,
  CK_SILU = 5,
  CK_GELU = 6,
};

// A window that slides over an image: convolution and pooling.
typedef struct {
  long in_height, in_width, channels;
  long kernel_height, kernel_width;
  long stride_height, stride_width;
  long pad_top, pad_left;
  long out_height, out_width;
} ck_window;

// --- element-wise -------------------------------------------------------------------------------

// y[i] = f(x[i]); x and y may be the same.
void ck_activate(int kind, long count, const float *x, float *y);
// z[r,c] += bias[c] (bias may be NULL), then a = f(z); a may be z.
void ck_bias_activate(int kind, long rows, long columns, const float *bias, float *z, float *a);
// dx[i] = dy[i] * f'(x[i]), where y = f(x); dx may be dy.
void ck_activate_backward(int kind, long count, const float *x, const float *y, const float *dy,
                          float *dx);
// y += x
void ck_add(long count, const float *x, float *y);
// y *= factor
void ck_scale(long count, float factor, float *y);
// y = x limited to [-limit, limit], in place
void ck_clip(long count, float limit, float *y);
// The sum of squares, in double.
double ck_sum_of_squares(long count, const float *x);
// sums[c] += sum over rows of x[r,c], in double.
void ck_column_sums(long rows, long columns, const float *x, double *sums);
// y[c,r] = x[r,c]
void ck_transpose(long rows, long columns, const float *x, float *y);

// --- random numbers that are functions of (key, element) -----------------------------------------

// y[i] = x[i] * (kept ? factor : 0); element i of the call is element first + i of the key's
// stream, and it is kept where its 32 random bits are at least `threshold`.
void ck_dropout(uint64_t key, long first, long count, uint32_t threshold, float factor,
                const float *x, float *y);
// The 32 random bits of `count` elements from `first` on.
void ck_random_bits(uint64_t key, long first, long count, uint32_t *bits);

// noise[i] is normal, made from pair first + i of the key's stream; z = mean + e^(log_variance/2)
// noise.
void ck_sample_normal(uint64_t key, long first, long count, const float *mean,
                      const float *log_variance, float *noise, float *z);
// mean_gradient += dz; log_variance_gradient += dz noise e^(log_variance/2) / 2
void ck_sample_normal_backward(long count, const float *log_variance, const float *noise,
                               const float *dz, float *mean_gradient, float *log_variance_gradient);

// --- windows ------------------------------------------------------------------------------------

// Rows first ..< last of the matrix whose row (example, y, x) is the flattened window there.
void ck_gather_windows(const ck_window *window, long first, long last, const float *images,
                       float *columns);
// The transpose of the gathering: adds each column entry to the image element that it came from.
void ck_scatter_windows(const ck_window *window, long first, long last, const float *columns,
                        float *images);
// Largest value in each window; `taps` gets the place in the window that it was found at.
void ck_max_pool(const ck_window *window, long examples, const float *x, float *y, uint16_t *taps);
void ck_max_pool_backward(const ck_window *window, long examples, const uint16_t *taps,
                          const float *dy, float *dx);
// Mean of each window (of its part inside the image).
void ck_average_pool(const ck_window *window, long examples, const float *x, float *y);
void ck_average_pool_backward(const ck_window *window, long examples, const float *dy, float *dx);
// Every pixel becomes a block of factor_height x factor_width equal pixels.
void ck_upsample(long examples, long height, long width, long channels, long factor_height,
                 long factor_width, const float *x, float *y);
void ck_upsample_backward(long examples, long height, long width, long channels, long factor_height,
                          long factor_width, const float *dy, float *dx);

// --- convolutions without padding, by register tiles --------------------------------------------
//
// Vectors are read whole: up to 15 floats behind the last element of every array, results included,
// have to be readable, whatever they hold.

enum { CK_LEVEL_PORTABLE = 0, CK_LEVEL_V3 = 1, CK_LEVEL_V4 = 2 };

// The best of the machine codes above that this CPU runs.
int ck_best_level(void);
// Where the results of neighbouring windows, rows of windows and images begin, in floats.
typedef struct {
  long step, pitch, image;
} ck_placement;

// z = bias (or nothing) + images * weights; the window has no padding.
void ck_convolve(int level, const ck_window *window, long filters, long examples,
                 const float *images, const float *weights, const float *bias,
                 const ck_placement *placement, float *z);
// gradient = (or +=) the sum over all windows of window^T dz; the window has no padding. The
// gradient is [kernel_height, kernel_width channels, filters], with the last two axes exchanged
// where `transposed`: then the vectors run over the window instead of the filters.
void ck_convolve_weights(int level, const ck_window *window, long filters, long examples,
                         const float *images, const float *dz, const ck_placement *placement,
                         int transposed, int accumulates, float *gradient);
// Copies images into larger ones with the window's padding as zeros around them.
void ck_pad_images(const ck_window *window, long examples, long padded_height, long padded_width,
                   const float *images, float *padded);

// --- normalisation over the rows of a matrix, column by column -----------------------------------

// mean[c] and squares[c], the sum of squared deviations from that mean.
void ck_moments(long rows, long columns, const float *x, double *mean, double *squares);
// y = (x - mean) * scale + shift
void ck_normalize(long rows, long columns, const float *x, const float *mean, const float *scale,
                  const float *shift, float *y);
// sums[c] += dy, products[c] += dy * (x - mean) * inverse_deviation
void ck_normalize_sums(long rows, long columns, const float *x, const float *dy, const float *mean,
                       const float *inverse_deviation, double *sums, double *products);
// dx = a * dy + b * (x - mean) + c, column by column
void ck_normalize_backward(long rows, long columns, const float *x, const float *dy,
                           const float *mean, const float *a, const float *b, const float *c,
                           float *dx);

// --- losses: each returns the sum over its rows and writes the gradient of factor * sum ----------

// weights may be NULL; the row's loss and gradient are multiplied by weights[label].
double ck_softmax_cross_entropy(long rows, long columns, const float *logits, const int32_t *labels,
                                const float *weights, float factor, float *gradient);
double ck_binary_cross_entropy(long count, const float *logits, const float *targets, float factor,
                               float *gradient);
double ck_squared_error(long count, const float *values, const float *targets, float factor,
                        float *gradient);
// Divergence of N(mean, exp(log_variance)) from N(0, 1); the gradients are added to.
double ck_gaussian_divergence(long count, const float *mean, const float *log_variance,
                              float factor, float *mean_gradient, float *log_variance_gradient);
// Each row of y is the softmax of the row of x.
void ck_softmax(long rows, long columns, const float *x, float *y);
// dx = y * (dy - <dy, y>) row by row, where y = softmax(x)
void ck_softmax_backward(long rows, long columns, const float *y, const float *dy, float *dx);

// --- optimisers ----------------------------------------------------------------------------------

typedef struct {
  float rate;             // learning rate divided by 1 - beta1^t
  float beta1, beta2;
  float inverse_root;     // 1 / sqrt(1 - beta2^t)
  float epsilon;
  float gradient_factor;  // multiplies the gradient first (clipping)
  float l2;               // added to the gradient, times the parameter
  float shrink;           // the parameter is multiplied by this first (decoupled decay)
} ck_adam_step;

void ck_adam(const ck_adam_step *step, long count, float *p, const float *g, float *m, float *v);

typedef struct {
  float rate, momentum, gradient_factor, l2, shrink;
  int nesterov;
  int first;  // the first step sets the velocity to the gradient
} ck_momentum_step;

void ck_momentum(const ck_momentum_step *step, long count, float *p, const float *g, float *v);

// --- waiting -------------------------------------------------------------------------------------

// Tells the CPU that the caller is spinning.
static inline void ck_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
