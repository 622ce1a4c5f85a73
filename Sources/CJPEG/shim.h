// libjpeg reports errors with longjmp, which Swift must not cross: a picture is decoded in one C call between memory and memory.
// Each function returns 1, or 0 and a message.
#pragma once
#include <stddef.h>
#include <stdio.h>
// jpeglib.h takes FILE and size_t from the headers above.
#include <jpeglib.h>
#include <jerror.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct cjpeg_image {
    uint32_t width;
    uint32_t height;
    int channels;     // 1 grey, 3 RGB
    uint8_t *pixels;  // [height, width, channels]
};

struct cjpeg_message {
    char characters[JMSG_LENGTH_MAX];
};

struct cjpeg_errors {
    struct jpeg_error_mgr manager;  // first, as libjpeg knows this part alone
    jmp_buf place;
    struct cjpeg_message *message;
};

static inline void cjpeg_fail(j_common_ptr decoder) {
    struct cjpeg_errors *errors = (struct cjpeg_errors *)decoder->err;
    decoder->err->format_message(decoder, errors->message->characters);
    longjmp(errors->place, 1);
}

// A warning is about data that are damaged or cut off, where libjpeg would go on with grey, which is nobody's picture; but for a
// few that change no pixel and are common in photographs.
static inline void cjpeg_warn(j_common_ptr decoder, int level) {
    int code = decoder->err->msg_code;
    if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR) return;
    if (level < 0) cjpeg_fail(decoder);
}

// CMYK as Adobe writes it has 255 for no ink.
static inline void cjpeg_from_inks(const uint8_t *inks, uint8_t *row, uint32_t width, int is_inverted) {
    for (uint32_t column = 0; column < width; column++)
        for (int channel = 0; channel < 3; channel++) {
            unsigned ink = inks[4 * column + channel], black = inks[4 * column + 3];
            if (!is_inverted) ink = 255 - ink, black = 255 - black;
            row[3 * column + channel] = (uint8_t)((ink * black + 127) / 255);
        }
}

static inline void cjpeg_begin(struct jpeg_decompress_struct *decoder, struct cjpeg_errors *errors,
                               struct cjpeg_message *message) {
    decoder->err = jpeg_std_error(&errors->manager);
    errors->manager.error_exit = cjpeg_fail;
    errors->manager.emit_message = cjpeg_warn;
    errors->message = message;
}

// Decodes a picture of at most `most` pixels; after success the caller frees image->pixels. `image` starts zeroed.
static inline int cjpeg_decode(const uint8_t *start, size_t count, uint64_t most, struct cjpeg_image *image,
                               struct cjpeg_message *message) {
    struct jpeg_decompress_struct decoder;
    struct cjpeg_errors errors;
    uint8_t *volatile inks = NULL;
    memset(&decoder, 0, sizeof decoder);
    cjpeg_begin(&decoder, &errors, message);
    if (setjmp(errors.place)) {
        jpeg_destroy_decompress(&decoder);
        free(inks);
        free(image->pixels);
        image->pixels = NULL;
        return 0;
    }
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, start, (unsigned long)count);
    jpeg_read_header(&decoder, TRUE);
    image->width = decoder.image_width;
    image->height = decoder.image_height;
    int has_inks = decoder.jpeg_color_space == JCS_CMYK || decoder.jpeg_color_space == JCS_YCCK;
    int is_grey = decoder.jpeg_color_space == JCS_GRAYSCALE;
    image->channels = is_grey ? 1 : 3;
    if ((uint64_t)image->width * image->height > most) {
        snprintf(message->characters, sizeof message->characters, "%u × %u pixels, more than the %llu that are read",
                 image->width, image->height, (unsigned long long)most);
        longjmp(errors.place, 1);
    }
    decoder.out_color_space = has_inks ? JCS_CMYK : is_grey ? JCS_GRAYSCALE : JCS_RGB;
    size_t stride = (size_t)image->width * (size_t)image->channels;
    image->pixels = (uint8_t *)malloc(stride * image->height);
    inks = (uint8_t *)malloc((size_t)image->width * 4);
    if (!image->pixels || !inks) ERREXIT1(&decoder, JERR_OUT_OF_MEMORY, 0);
    jpeg_start_decompress(&decoder);
    while (decoder.output_scanline < decoder.output_height) {
        uint8_t *row = image->pixels + decoder.output_scanline * stride;
        JSAMPROW target = has_inks ? inks : row;
        jpeg_read_scanlines(&decoder, &target, 1);
        if (has_inks) cjpeg_from_inks(inks, row, image->width, decoder.saw_Adobe_marker);
    }
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
    free(inks);
    return 1;
}

// Encodes 8-bit grey or RGB pixels with a quality of 1...100; the caller frees *bytes, also after a failure.
static inline int cjpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality,
                               unsigned char **bytes, unsigned long *count, struct cjpeg_message *message) {
    struct jpeg_compress_struct encoder;
    struct cjpeg_errors errors;
    memset(&encoder, 0, sizeof encoder);
    encoder.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = cjpeg_fail;
    errors.message = message;
    if (setjmp(errors.place)) {
        jpeg_destroy_compress(&encoder);
        return 0;
    }
    jpeg_create_compress(&encoder);
    jpeg_mem_dest(&encoder, bytes, count);
    encoder.image_width = width;
    encoder.image_height = height;
    encoder.input_components = channels;
    encoder.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&encoder);
    jpeg_set_quality(&encoder, quality, TRUE);
    jpeg_start_compress(&encoder, TRUE);
    while (encoder.next_scanline < height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)encoder.next_scanline * width * (size_t)channels);
        jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
    jpeg_destroy_compress(&encoder);
    return 1;
}
