// The bundled digits in the program itself, which so needs no file beside it.
#pragma once
#include <stddef.h>

/// The bytes of digits-images.idx3-ubyte, and how many.
const unsigned char *ablate_digits_images(size_t *count);

/// The bytes of digits-labels.idx1-ubyte, and how many.
const unsigned char *ablate_digits_labels(size_t *count);
