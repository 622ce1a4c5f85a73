// The C that stands between Swift and libpng, libjpeg, zlib and HDF5, under AddressSanitizer: a target of libFuzzer
// (LLVMFuzzerTestOneInput), which gives the readers any bytes, and a program that writes pictures to begin with (-DSEEDS).
#include "../../Sources/CHDF5/shim.h"
#include "../../Sources/CJPEG/shim.h"
#include "../../Sources/CPNG/shim.h"
#include "../../Sources/CZlib/shim.h"

// Larger pictures are refused before they take the fuzzer's memory.
static const uint64_t most = 1 << 16;

#ifdef SEEDS
static void keep(const char *folder, const char *name, const void *bytes, size_t count) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file)) exit(1);
}

// shims FOLDER: a grey and a colour picture as JPEG and as PNG.
int main(int count, char **arguments) {
    if (count != 2) return 64;
    uint8_t pixels[16 * 24 * 3];
    for (size_t i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(40 + 7 * (i % 29));
    for (int channels = 1; channels <= 3; channels += 2) {
        char name[32];
        unsigned char *bytes = NULL;
        unsigned long size = 0;
        struct cjpeg_message message;
        if (!cjpeg_encode(pixels, 24, 16, channels, 80, &bytes, &size, &message)) return 1;
        snprintf(name, sizeof name, "%d.jpg", channels);
        keep(arguments[1], name, bytes, size);
        free(bytes);
        struct cpng_image image = {.width = 24, .height = 16, .channels = channels, .pixels = pixels};
        struct cpng_bytes png = {0};
        struct cpng_message text;
        if (!cpng_encode(&image, &png, &text)) return 1;
        snprintf(name, sizeof name, "%d.png", channels);
        keep(arguments[1], name, png.start, png.count);
        free(png.start);
    }
    return 0;
}
#else
static void inflate_all(const uint8_t *bytes, size_t count, int begin(z_stream *)) {
    uint8_t out[4096];
    z_stream stream = {0};
    if (begin(&stream) != Z_OK) return;
    stream.next_in = (Bytef *)bytes, stream.avail_in = (uInt)count;
    do {
        stream.next_out = out, stream.avail_out = sizeof out;
    } while (inflate(&stream, Z_NO_FLUSH) == Z_OK && stream.total_out < most);
    inflateEnd(&stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct cjpeg_image jpeg = {0};
    struct cjpeg_message of_jpeg;
    if (cjpeg_decode(bytes, count, most, &jpeg, &of_jpeg)) free(jpeg.pixels);
    struct cpng_image any = {0};
    struct cpng_message message;
    struct cpng_source source = {.start = bytes, .count = count, .position = 0};
    if (cpng_decode_any(&source, most, &any, &message)) cpng_free_image(&any);
    inflate_all(bytes, count, czlib_begin_gzip);
    inflate_all(bytes, count, czlib_begin_raw);
    return 0;
}
#endif
