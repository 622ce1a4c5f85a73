// Decodes any PNG to 8-bit grey, grey with alpha, RGB or RGB with alpha, by libpng's own transformations: palettes and fewer than
// 8 bits are expanded, 16 bits scaled to 8, a transparent colour becomes alpha, interlaced rows are put together.
#pragma once

// The size of a picture, of at most `most` pixels.
static inline void cpng_read_any_header(png_structp png, png_infop info, uint64_t most, struct cpng_image *image) {
    int depth, color, interlace;
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_read_info(png, info);
    png_get_IHDR(png, info, &image->width, &image->height, &depth, &color, &interlace, NULL, NULL);
    if ((uint64_t)image->width * image->height > most) {
        char text[128];
        snprintf(text, sizeof text, "%u × %u pixels, more than the %llu that are read", image->width, image->height,
                 (unsigned long long)most);
        png_error(png, text);
    }
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    image->channels = png_get_channels(png, info);
}

// `image` starts zeroed, and has 1 to 4 channels; after success the caller frees it with cpng_free_image. A wrong checksum of any chunk is an error.
static inline int cpng_decode_any(struct cpng_source *source, uint64_t most, struct cpng_image *image,
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
    cpng_read_any_header(png, info, most, image);
    size_t stride = (size_t)image->width * (size_t)image->channels;
    image->pixels = (uint8_t *)malloc(stride * image->height);
    rows = (png_bytepp)malloc(image->height * sizeof *rows);
    if (!image->pixels || !rows) png_error(png, "out of memory");
    for (uint32_t row = 0; row < image->height; row++) rows[row] = image->pixels + row * stride;
    png_read_image(png, rows);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    return 1;
}
