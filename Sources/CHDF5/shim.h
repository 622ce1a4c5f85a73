// What Swift cannot import from HDF5: macros with casts, and globals that Swift 6 sees as shared mutable state.
// Everything here is a name for one of those; only the last functions do more.
#pragma once
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdio.h>
#include <string.h>

#define CHDF5_ACCESSOR(type, name, value) static inline type chdf5_##name(void) { return value; }

CHDF5_ACCESSOR(hid_t, default_list, H5P_DEFAULT)
CHDF5_ACCESSOR(hid_t, all, H5S_ALL)
CHDF5_ACCESSOR(size_t, variable_length, H5T_VARIABLE)
CHDF5_ACCESSOR(unsigned, truncate, H5F_ACC_TRUNC)
CHDF5_ACCESSOR(unsigned, read_only, H5F_ACC_RDONLY)

CHDF5_ACCESSOR(hid_t, file_create, H5P_FILE_CREATE)
CHDF5_ACCESSOR(hid_t, file_access, H5P_FILE_ACCESS)
CHDF5_ACCESSOR(hid_t, group_create, H5P_GROUP_CREATE)
CHDF5_ACCESSOR(hid_t, dataset_create, H5P_DATASET_CREATE)
CHDF5_ACCESSOR(hid_t, link_create, H5P_LINK_CREATE)
CHDF5_ACCESSOR(hid_t, attribute_create, H5P_ATTRIBUTE_CREATE)

CHDF5_ACCESSOR(hid_t, float32_le, H5T_IEEE_F32LE)
CHDF5_ACCESSOR(hid_t, float64_le, H5T_IEEE_F64LE)
CHDF5_ACCESSOR(hid_t, int64_le, H5T_STD_I64LE)
CHDF5_ACCESSOR(hid_t, int32_le, H5T_STD_I32LE)
CHDF5_ACCESSOR(hid_t, int8_le, H5T_STD_I8LE)
CHDF5_ACCESSOR(hid_t, uint8_le, H5T_STD_U8LE)

CHDF5_ACCESSOR(hid_t, native_float, H5T_NATIVE_FLOAT)
CHDF5_ACCESSOR(hid_t, native_double, H5T_NATIVE_DOUBLE)
CHDF5_ACCESSOR(hid_t, native_int64, H5T_NATIVE_INT64)
CHDF5_ACCESSOR(hid_t, native_int32, H5T_NATIVE_INT32)
CHDF5_ACCESSOR(hid_t, native_int8, H5T_NATIVE_INT8)
CHDF5_ACCESSOR(hid_t, native_uint8, H5T_NATIVE_UINT8)
CHDF5_ACCESSOR(hid_t, c_string, H5T_C_S1)

#undef CHDF5_ACCESSOR

// Modification times are the only thing in a file that depends on when it was written.
static inline herr_t chdf5_forget_times(hid_t list) { return H5Pset_obj_track_times(list, 0); }

// Stops HDF5 from printing errors on standard error; the setting belongs to the calling thread.
static inline herr_t chdf5_silence(void) { return H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// Files are written under a private name and read when finished, so locks protect nothing and fail on network disks.
// Present since 1.10.7 and 1.12.1, absent in 1.12.0.
static inline herr_t chdf5_disable_locks(hid_t list) {
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
    return H5Pset_file_locking(list, 0, 1);
#else
    return (void)list, 0;
#endif
}

// A file in memory that grows by a step and reaches no disk.
static inline herr_t chdf5_in_memory(hid_t list, size_t step) { return H5Pset_fapl_core(list, step, 0); }

struct chdf5_error_text {
    char outermost[256];
    char innermost[256];
};

static inline herr_t chdf5_collect_error(unsigned depth, const H5E_error2_t *error, void *text_pointer) {
    struct chdf5_error_text *text = (struct chdf5_error_text *)text_pointer;
    const char *description = error->desc ? error->desc : "";
    if (depth == 0) snprintf(text->outermost, sizeof text->outermost, "%s", description);
    snprintf(text->innermost, sizeof text->innermost, "%s", description);
    return 0;
}

// The last error of this thread, which is forgotten by that: what the called function says of it, then what the deepest function says of it.
static inline void chdf5_last_error(char *buffer, size_t capacity) {
    struct chdf5_error_text text = {{0}, {0}};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, chdf5_collect_error, &text);
    int same = !strcmp(text.outermost, text.innermost);
    snprintf(buffer, capacity, "%s%s%s", text.outermost, same ? "" : ": ", same ? "" : text.innermost);
    // What stays on the stack of a thread that is not the last keeps the library from closing: it says so when the process ends.
    H5Eclear2(H5E_DEFAULT);
}

struct chdf5_name {
    char *buffer;
    size_t capacity;
};

static inline herr_t chdf5_take_scale_name(hid_t dataset, unsigned axis, hid_t scale, void *name_pointer) {
    struct chdf5_name *name = (struct chdf5_name *)name_pointer;
    (void)dataset, (void)axis;
    return H5DSget_scale_name(scale, name->buffer, name->capacity) < 0 ? -1 : 1;
}

// The name of the first scale of an axis: 1 and the name, 0 where the axis has no scale, negative on failure.
static inline herr_t chdf5_scale_name(hid_t dataset, unsigned axis, char *buffer, size_t capacity) {
    struct chdf5_name name = {buffer, capacity};
    if (H5DSget_num_scales(dataset, axis) <= 0) return 0;
    return H5DSiterate_scales(dataset, axis, NULL, chdf5_take_scale_name, &name);
}

static inline int chdf5_layout(hid_t properties) { return (int)H5Pget_layout(properties); }
static inline int chdf5_virtual(void) { return (int)H5D_VIRTUAL; }
static inline int chdf5_chunked(void) { return (int)H5D_CHUNKED; }
static inline int chdf5_contiguous(void) { return (int)H5D_CONTIGUOUS; }

// The chunks of a dataset that were written.
static inline herr_t chdf5_chunk_count(hid_t dataset, hsize_t *count) {
    hid_t space = H5Dget_space(dataset);
    if (space < 0) return -1;
    herr_t status = H5Dget_num_chunks(dataset, space, count);
    H5Sclose(space);
    return status;
}

static inline int chdf5_is_allocated(hid_t dataset) {
    H5D_space_status_t status;
    return H5Dget_space_status(dataset, &status) >= 0 && status == H5D_SPACE_STATUS_ALLOCATED;
}

static inline int chdf5_selects_all(hid_t space) { return H5Sget_select_type(space) == H5S_SEL_ALL; }
