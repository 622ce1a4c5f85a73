#include "CDigits.h"

// digits.S has the bytes.
extern const unsigned char ablate_digits_images_start[], ablate_digits_images_end[];
extern const unsigned char ablate_digits_labels_start[], ablate_digits_labels_end[];

const unsigned char *ablate_digits_images(size_t *count) {
    *count = (size_t)(ablate_digits_images_end - ablate_digits_images_start);
    return ablate_digits_images_start;
}

const unsigned char *ablate_digits_labels(size_t *count) {
    *count = (size_t)(ablate_digits_labels_end - ablate_digits_labels_start);
    return ablate_digits_labels_start;
}
