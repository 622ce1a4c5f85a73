// libpng reports errors with longjmp, which Swift must not cross: encoding and decoding each happen in one C call
// between memory and memory. Both return 1, or 0 and a message.
#pragma once
#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cpng_bytes {
    uint8_t *start;
    size_t count;
    size_t capacity;
};

struct cpng_text {
    char *keyword;
    char *text;
    int is_utf8;  // iTXt when 1, tEXt (Latin-1) when 0
};

struct cpng_image {
    uint32_t width;
    uint32_t height;
    int channels;     // 1 grey, 3 RGB
    uint8_t *pixels;  // [height, width, channels]
    struct cpng_text *text;
    int text_count;
};

struct cpng_message {
    char characters[256];
};

struct cpng_source {
    const uint8_t *start;
    size_t count;
    size_t position;
};

static inline void cpng_on_error(png_structp png, png_const_charp text) {
    struct cpng_message *message = (struct cpng_message *)png_get_error_ptr(png);
    snprintf(message->characters, sizeof message->characters, "%s", text);
    png_longjmp(png, 1);
}

static inline void cpng_on_warning(png_structp png, png_const_charp text) { (void)png, (void)text; }

static inline void cpng_append(png_structp png, png_bytep data, size_t count) {
    struct cpng_bytes *bytes = (struct cpng_bytes *)png_get_io_ptr(png);
    if (bytes->count + count > bytes->capacity) {
        size_t capacity = 2 * (bytes->count + count);
        uint8_t *grown = (uint8_t *)realloc(bytes->start, capacity);
        if (!grown) png_error(png, "out of memory");
        bytes->start = grown;
        bytes->capacity = capacity;
    }
    memcpy(bytes->start + bytes->count, data, count);
    bytes->count += count;
}

static inline void cpng_flush(png_structp png) { (void)png; }

static inline void cpng_take(png_structp png, png_bytep data, size_t count) {
    struct cpng_source *source = (struct cpng_source *)png_get_io_ptr(png);
    if (source->count - source->position < count) png_error(png, "the file is truncated");
    memcpy(data, source->start + source->position, count);
    source->position += count;
}

static inline void cpng_set_text(png_structp png, png_infop info, const struct cpng_text *text, int count) {
    for (int i = 0; i < count; i++) {
        png_text chunk;
        memset(&chunk, 0, sizeof chunk);
        chunk.compression = text[i].is_utf8 ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
        chunk.key = text[i].keyword;
        chunk.text = text[i].text;
        chunk.lang = (char *)"";
        chunk.lang_key = (char *)"";
        png_set_text(png, info, &chunk, 1);
    }
}

// Encodes 8-bit grey or RGB pixels. `bytes` starts zeroed and is freed by the caller, also after a failure.
// The filter, the level and the strategy are fixed, and there is no tIME: the same pixels give the same bytes.
static inline int cpng_encode(const struct cpng_image *image, struct cpng_bytes *bytes, struct cpng_message *message) {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, cpng_on_error, cpng_on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        snprintf(message->characters, sizeof message->characters, "libpng could not start");
        return 0;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return 0;
    }
    png_set_write_fn(png, bytes, cpng_append, cpng_flush);
    png_set_IHDR(png, info, image->width, image->height, 8,
                 image->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    // Rows of enlarged pixels repeat the row above, which this filter turns into zeros.
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_level(png, 6);
    png_set_compression_strategy(png, 0);  // zlib's Z_DEFAULT_STRATEGY
    cpng_set_text(png, info, image->text, image->text_count);
    png_write_info(png, info);
    size_t stride = (size_t)image->width * (size_t)image->channels;
    for (uint32_t row = 0; row < image->height; row++) png_write_row(png, image->pixels + row * stride);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return 1;
}

static inline void cpng_free_image(struct cpng_image *image) {
    for (int i = 0; i < image->text_count; i++) {
        free(image->text[i].keyword);
        free(image->text[i].text);
    }
    free(image->text);
    free(image->pixels);
    memset(image, 0, sizeof *image);
}

// Refuses whatever is not 8-bit grey or RGB, row after row; else sets the size.
static inline void cpng_read_header(png_structp png, png_infop info, struct cpng_image *image) {
    int depth, color, interlace;
    png_read_info(png, info);
    png_get_IHDR(png, info, &image->width, &image->height, &depth, &color, &interlace, NULL, NULL);
    const char *kind = color == PNG_COLOR_TYPE_GRAY         ? "grey"
                       : color == PNG_COLOR_TYPE_RGB        ? "RGB"
                       : color == PNG_COLOR_TYPE_PALETTE    ? "palette"
                       : color == PNG_COLOR_TYPE_GRAY_ALPHA ? "grey with alpha"
                                                            : "RGB with alpha";
    int is_read = color == PNG_COLOR_TYPE_GRAY || color == PNG_COLOR_TYPE_RGB;
    if (depth != 8 || !is_read || interlace != PNG_INTERLACE_NONE) {
        char text[128];
        snprintf(text, sizeof text, "the image is %d-bit %s%s; only 8-bit grey or RGB without interlacing is read",
                 depth, kind, interlace == PNG_INTERLACE_NONE ? "" : ", interlaced");
        png_error(png, text);
    }
    image->channels = color == PNG_COLOR_TYPE_GRAY ? 1 : 3;
}

static inline void cpng_copy_text(png_structp png, png_infop info, struct cpng_image *image) {
    png_textp chunks = NULL;
    int count = (int)png_get_text(png, info, &chunks, NULL);
    if (count <= 0) return;
    image->text = (struct cpng_text *)calloc((size_t)count, sizeof *image->text);
    if (!image->text) png_error(png, "out of memory");
    image->text_count = count;
    for (int i = 0; i < count; i++) {
        image->text[i].keyword = strdup(chunks[i].key);
        image->text[i].text = strdup(chunks[i].text ? chunks[i].text : "");
        image->text[i].is_utf8 = chunks[i].compression >= PNG_ITXT_COMPRESSION_NONE;
        if (!image->text[i].keyword || !image->text[i].text) png_error(png, "out of memory");
    }
}

#include "any.h"

// Decodes a file whose kind `most` decides: NULL is 8-bit grey or RGB with its texts, else any kind of at most so many pixels without.
// A wrong checksum of any chunk is an error. `image` starts zeroed; after success the caller frees it with cpng_free_image.
static inline int cpng_read(struct cpng_source *source, const uint64_t *most, struct cpng_image *image,
                            struct cpng_message *message) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, cpng_on_error, cpng_on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    png_bytepp volatile rows = NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        snprintf(message->characters, sizeof message->characters, "libpng could not start");
        return 0;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        free(rows);
        cpng_free_image(image);
        return 0;
    }
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_read_fn(png, source, cpng_take);
    if (most) cpng_read_any_header(png, info, *most, image);
    else cpng_read_header(png, info, image);
    size_t stride = (size_t)image->width * (size_t)image->channels;
    image->pixels = (uint8_t *)malloc(stride * image->height);
    rows = (png_bytepp)malloc(image->height * sizeof *rows);
    if (!image->pixels || !rows) png_error(png, "out of memory");
    for (uint32_t row = 0; row < image->height; row++) rows[row] = image->pixels + row * stride;
    png_read_image(png, rows);
    png_read_end(png, info);
    if (!most) cpng_copy_text(png, info, image);
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    return 1;
}

// Decodes an 8-bit grey or RGB file with its texts.
static inline int cpng_decode(struct cpng_source *source, struct cpng_image *image, struct cpng_message *message) {
    return cpng_read(source, NULL, image, message);
}

// Decodes a file of any kind to 1 to 4 channels.
static inline int cpng_decode_any(struct cpng_source *source, uint64_t most, struct cpng_image *image,
                                  struct cpng_message *message) {
    return cpng_read(source, &most, image, message);
}
