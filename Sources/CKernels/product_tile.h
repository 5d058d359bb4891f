// A matrix product by register tiles, included once for each CPU generation with
//   CK_LEVEL(name)  the name of a function for this generation
//   CK_TARGET       its target attribute
//   CK_LANES        floats in a vector
// CK_ROWS         rows of the tile: CK_ROWS x 2 vectors of sums stay in registers There is no
// packing: rows of the first factor are read where they lie, one element at a time, rows of the
// second as vectors. Windows of an image are such rows, overlapping, so that a convolution needs no
// column matrix. Every sum runs over the same terms in the same order wherever its tile begins.

typedef float CK_LEVEL(vector) __attribute__((vector_size(CK_LANES * 4), aligned(4), may_alias));
#define V CK_LEVEL(vector)

CK_TARGET static inline __attribute__((always_inline)) void CK_LEVEL(tile)(
    const ck_product *p, const int rows, const int vectors, const float *a, const float *b,
    const float *start, long start_row, float *c, long c_row) {
  V sums[CK_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      sums[i][v] = start ? *(const V *)(start + i * start_row + v * CK_LANES) : (V){0};
  for (long g = 0; g < p->groups; g++)
    for (long s = 0; s < p->segments; s++) {
      const float *x = a + g * p->a_group + s * p->a_segment;
      const float *y = b + g * p->b_group + s * p->b_segment;
      for (long k = 0; k < p->depth; k++, x += p->a_step, y += p->b_row) {
        V terms[2];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) terms[v] = *(const V *)(y + v * CK_LANES);
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
          V factor = x[i * p->a_row] - (V){0};
#pragma clang loop unroll(full)
          for (int v = 0; v < vectors; v++) sums[i][v] += factor * terms[v];
        }
      }
    }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) *(V *)(c + i * c_row + v * CK_LANES) = sums[i][v];
}

// One tile for each number of rows; the compiler keeps the sums of each in registers.
#define CK_TILE(n, m)                                                                          \
  CK_TARGET static __attribute__((noinline)) void CK_LEVEL(tile_##n##_##m)(                   \
      const ck_product *p, const float *a, const float *b, const float *start,                 \
      long start_row, float *c, long c_row) {                                                  \
    CK_LEVEL(tile)(p, n, m, a, b, start, start_row, c, c_row);                                 \
  }
#define CK_TILES(n) CK_TILE(n, 1) CK_TILE(n, 2)
CK_TILES(1) CK_TILES(2) CK_TILES(3) CK_TILES(4) CK_TILES(5) CK_TILES(6)
#if CK_ROWS > 6
CK_TILES(7) CK_TILES(8) CK_TILES(9) CK_TILES(10) CK_TILES(11) CK_TILES(12)
#endif

typedef void (*CK_LEVEL(tile_function))(const ck_product *, const float *, const float *,
                                        const float *, long, float *, long);
#define CK_PAIR(n) {CK_LEVEL(tile_##n##_1), CK_LEVEL(tile_##n##_2)}
static const CK_LEVEL(tile_function) CK_LEVEL(tiles)[CK_ROWS][2] = {
    CK_PAIR(1), CK_PAIR(2), CK_PAIR(3), CK_PAIR(4), CK_PAIR(5), CK_PAIR(6),
#if CK_ROWS > 6
    CK_PAIR(7), CK_PAIR(8), CK_PAIR(9), CK_PAIR(10), CK_PAIR(11), CK_PAIR(12),
#endif
};

// All rows of the result, `width` columns from `column` on (at most two vectors).
CK_TARGET static void CK_LEVEL(panel)(const ck_product *p, long column, long width) {
  const int vectors = width > CK_LANES ? 2 : 1;
  const float *b = p->b + column;
  const float *bias = p->bias ? p->bias + column : NULL;
  const long tile_count = (p->rows + CK_ROWS - 1) / CK_ROWS;
  float whole[CK_ROWS * 2 * CK_LANES];
  for (long t = 0; t < tile_count; t++) {
    // Tiles of nearly equal height: a last tile of one row would wait for its own sums.
    long row = p->rows * t / tile_count, rows = p->rows * (t + 1) / tile_count - row;
    const float *a = p->a + row * p->a_row;
    float *c = p->c + row * p->c_row + column;
    // The sums start from what is there, from the bias (the same for every row) or from zero.
    const float *start = p->accumulates ? c : bias;
    long start_row = p->accumulates ? p->c_row : 0;
    if (width == vectors * CK_LANES) {
      CK_LEVEL(tiles)[rows - 1][vectors - 1](p, a, b, start, start_row, c, p->c_row);
      continue;
    }
    // The last columns: the tile's results go aside, and only `width` columns of them are kept.
    const long c_row = vectors * CK_LANES;
    CK_LEVEL(tiles)[rows - 1][vectors - 1](p, a, b, start, start_row, whole, c_row);
    for (long i = 0; i < rows; i++) {
      const float *from = whole + i * c_row;
      float *to = c + i * p->c_row;
      long j = 0;
      for (; j + 4 <= width; j += 4) memcpy(to + j, from + j, 4 * sizeof *to);
      for (; j < width; j++) to[j] = from[j];
    }
  }
}

// The same panel of many products, so that the second factor's part stays in the cache.
CK_TARGET static void CK_LEVEL(multiply)(const ck_product *first, long count, long a_next,
                                         long c_next, long inner, long a_inner, long c_inner) {
  for (long column = 0; column < first->columns; column += 2 * CK_LANES) {
    long width = first->columns - column < 2 * CK_LANES ? first->columns - column : 2 * CK_LANES;
    for (long n = 0; n < count; n++)
      for (long m = 0; m < inner; m++) {
        ck_product p = *first;
        p.a += n * a_next + m * a_inner;
        p.c += n * c_next + m * c_inner;
        CK_LEVEL(panel)(&p, column, width);
      }
  }
}

#undef V
#undef CK_TILE
#undef CK_TILES
#undef CK_PAIR
