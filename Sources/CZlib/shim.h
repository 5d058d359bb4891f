// The door to zlib: its header, and stand-ins for the macros that Swift cannot see.
#ifndef SIGNALSTORE_CZLIB_SHIM_H
#define SIGNALSTORE_CZLIB_SHIM_H

#include <zlib.h>

// inflateInit2 and deflateInit2 are macros around a call that also passes the size of z_stream.
static inline int signalstore_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

static inline int signalstore_deflate_init(z_stream *stream, int level, int window_bits) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}

#endif
