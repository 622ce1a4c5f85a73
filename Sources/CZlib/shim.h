// What Swift cannot import from zlib: its initialisers are macros.
#pragma once
#include <zlib.h>

// Makes a stream ready for gzip files: 15 bits of window, and 16 says gzip.
static inline int czlib_begin_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

// Makes a stream ready for what stands in zip files: 15 bits of window, and the sign says no header.
static inline int czlib_begin_raw(z_stream *stream) { return inflateInit2(stream, -15); }
