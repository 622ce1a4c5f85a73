// The files of the bundled digits, byte for byte, in memory that is only read.
    .section .rodata
    .globl ablate_digits_images_start, ablate_digits_images_end, ablate_digits_labels_start, ablate_digits_labels_end
ablate_digits_images_start:
    .incbin "digits-images.idx3-ubyte"
ablate_digits_images_end:
ablate_digits_labels_start:
    .incbin "digits-labels.idx1-ubyte"
ablate_digits_labels_end:
// The stack need not be executable.
    .section .note.GNU-stack, "", %progbits
