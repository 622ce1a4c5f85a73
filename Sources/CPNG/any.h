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
