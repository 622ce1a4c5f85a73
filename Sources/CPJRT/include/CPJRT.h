// A plug-in's C interface (PJRT), as far as it is used here, in declarations of our own.
//
// A plug-in exports one function, GetPjrtApi, which gives a table: its version, and functions by slot. Every function takes one structure
// of arguments that begins with its size and a pointer to extensions. Plug-ins refuse a structure that is shorter than the one they were
// built with and take a longer one, so each has room to spare at its end, zeroed, and says its full size. `LayoutTests` compares
// slots and offsets with the header that a plug-in ships.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The functions that are used, by their slot in the table.
enum ablate_pjrt_slot {
    ABLATE_PJRT_ERROR_DESTROY = 0,
    ABLATE_PJRT_ERROR_MESSAGE = 1,
    ABLATE_PJRT_ERROR_CODE = 2,
    ABLATE_PJRT_PLUGIN_INITIALIZE = 3,
    ABLATE_PJRT_PLUGIN_ATTRIBUTES = 4,
    ABLATE_PJRT_EVENT_DESTROY = 5,
    ABLATE_PJRT_EVENT_AWAIT = 8,
    ABLATE_PJRT_CLIENT_CREATE = 10,
    ABLATE_PJRT_CLIENT_DESTROY = 11,
    ABLATE_PJRT_CLIENT_PLATFORM_NAME = 12,
    ABLATE_PJRT_CLIENT_PLATFORM_VERSION = 14,
    ABLATE_PJRT_CLIENT_DEVICES = 16,
    ABLATE_PJRT_CLIENT_COMPILE = 20,
    ABLATE_PJRT_CLIENT_UPLOAD = 22,
    ABLATE_PJRT_DESCRIPTION_KIND = 26,
    ABLATE_PJRT_DESCRIPTION_TEXT = 28,
    ABLATE_PJRT_DEVICE_DESCRIPTION = 29,
    ABLATE_PJRT_DEVICE_MEMORY = 34,
    ABLATE_PJRT_EXECUTABLE_DESTROY = 40,
    ABLATE_PJRT_EXECUTABLE_OUTPUTS = 44,
    ABLATE_PJRT_EXECUTABLE_SERIALIZE = 49,
    ABLATE_PJRT_LOADED_DESTROY = 50,
    ABLATE_PJRT_LOADED_EXECUTABLE = 51,
    ABLATE_PJRT_LOADED_EXECUTE = 55,
    ABLATE_PJRT_EXECUTABLE_LOAD = 56,
    ABLATE_PJRT_BUFFER_DESTROY = 58,
    ABLATE_PJRT_BUFFER_IS_DELETED = 68,
    ABLATE_PJRT_BUFFER_DOWNLOAD = 70,
    ABLATE_PJRT_BUFFER_ADDRESS = 73,
    ABLATE_PJRT_TOPOLOGY_CREATE = 82,
    ABLATE_PJRT_TOPOLOGY_DESTROY = 83,
    ABLATE_PJRT_TOPOLOGY_COMPILE = 89,
    ABLATE_PJRT_EXECUTABLE_MEMORY = 96,
};

/// Types of elements, as the interface numbers them.
enum ablate_pjrt_type { ABLATE_PJRT_INT32 = 4, ABLATE_PJRT_UINT32 = 8, ABLATE_PJRT_FLOAT32 = 11 };

typedef struct ablate_pjrt_error ablate_pjrt_error;
typedef struct ablate_pjrt_event ablate_pjrt_event;
typedef struct ablate_pjrt_client ablate_pjrt_client;
typedef struct ablate_pjrt_device ablate_pjrt_device;
typedef struct ablate_pjrt_description ablate_pjrt_description;
typedef struct ablate_pjrt_buffer ablate_pjrt_buffer;
typedef struct ablate_pjrt_executable ablate_pjrt_executable;
typedef struct ablate_pjrt_loaded ablate_pjrt_loaded;
typedef struct ablate_pjrt_topology ablate_pjrt_topology;
typedef struct ablate_pjrt_serialized ablate_pjrt_serialized;

/// The table. Functions lie behind one another from `functions` on; how many there are depends on the version.
typedef struct {
    size_t size;
    void *extension;
    size_t version_size;
    void *version_extension;
    int major, minor;
    ablate_pjrt_error *(*functions[])(void *arguments);
} ablate_pjrt_table;

/// What every structure of arguments begins with, and the room that newer plug-ins may want at its end.
#define ABLATE_PJRT_HEAD \
    size_t size;         \
    void *extension
#define ABLATE_PJRT_ROOM char room[128]

/// Some text or bytes of the plug-in's, not ended by a zero.
typedef struct {
    const char *start;
    size_t count;
} ablate_pjrt_text;

/// A named value, of an array of them: no room to spare.
typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_text name;
    enum ablate_pjrt_value { ABLATE_PJRT_STRING, ABLATE_PJRT_INT64, ABLATE_PJRT_INT64_LIST, ABLATE_PJRT_FLOAT, ABLATE_PJRT_BOOL } kind;
    union {
        const char *string;
        int64_t number;
        const int64_t *numbers;
        float real;
        char truth;
    };
    size_t count;
} ablate_pjrt_named_value;

typedef struct {
    ABLATE_PJRT_HEAD;
    void *object;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_one;  // an object alone: destroys, awaits

typedef struct {
    ABLATE_PJRT_HEAD;
    const void *object;
    ablate_pjrt_text text;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_text_of;  // of an object some text: messages and names

typedef struct {
    ABLATE_PJRT_HEAD;
    const void *object;
    void *result;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_part_of;  // of an object another: descriptions, executables, addresses, codes, counts, whether it is deleted

typedef struct {
    ABLATE_PJRT_HEAD;
    const ablate_pjrt_named_value *values;
    size_t count;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_attributes;

typedef struct {
    ABLATE_PJRT_HEAD;
    const ablate_pjrt_named_value *options;
    size_t option_count;
    void *callbacks[4];
    ablate_pjrt_client *client;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_client_create;

typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_client *client;
    ablate_pjrt_device *const *devices;
    size_t count;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_client_devices;

/// A program's text and the name of its format.
typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_text code, format;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_program;

typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_client *client;
    const ablate_pjrt_program *program;
    ablate_pjrt_text options;
    ablate_pjrt_loaded *loaded;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_client_compile;

typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_client *client;
    const void *data;
    enum ablate_pjrt_type type;
    const int64_t *dimensions;
    size_t rank;
    const int64_t *strides;
    size_t stride_count;
    int semantics;  // 0: the data is read during the call alone
    ablate_pjrt_device *device;
    void *memory, *layout;
    ablate_pjrt_event *done;
    ablate_pjrt_buffer *buffer;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_client_upload;

/// Bytes in use, and numbers that a plug-in may have, each with whether it has it.
typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_device *device;
    int64_t in_use;
    struct {
        int64_t value;
        char is_set;
    } peak, allocations, largest, limit;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_device_memory;

typedef struct {
    ABLATE_PJRT_HEAD;
    const ablate_pjrt_executable *executable;
    ablate_pjrt_text bytes;
    ablate_pjrt_serialized *serialized;
    void (*destroy)(ablate_pjrt_serialized *);
    ABLATE_PJRT_ROOM;
} ablate_pjrt_serialize;

typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_client *client;
    ablate_pjrt_text bytes;
    ablate_pjrt_loaded *loaded;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_load;

typedef struct {
    ABLATE_PJRT_HEAD;
    void *callbacks[2];
    size_t callback_counts[2];
    int launch;
    const int64_t *kept;  // arguments that are not given away, though the program says so
    size_t kept_count;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_execute_options;

typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_loaded *loaded;
    ablate_pjrt_execute_options *options;
    ablate_pjrt_buffer *const *const *arguments;  // a list for each device
    size_t device_count, argument_count;
    ablate_pjrt_buffer **const *results;
    ablate_pjrt_event **done;
    ablate_pjrt_device *device;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_execute;

typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_buffer *buffer;
    void *layout, *target;
    size_t bytes;
    ablate_pjrt_event *done;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_download;

typedef struct {
    ABLATE_PJRT_HEAD;
    ablate_pjrt_text name;
    const ablate_pjrt_named_value *options;
    size_t option_count;
    ablate_pjrt_topology *topology;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_topology_create;

typedef struct {
    ABLATE_PJRT_HEAD;
    const ablate_pjrt_topology *topology;
    const ablate_pjrt_program *program;
    ablate_pjrt_text options;
    ablate_pjrt_client *client;
    ablate_pjrt_executable *executable;
    ABLATE_PJRT_ROOM;
} ablate_pjrt_topology_compile;

/// Bytes that a compiled program takes on the device.
typedef struct {
    ABLATE_PJRT_HEAD;
    const ablate_pjrt_executable *executable;
    int64_t code, arguments, outputs, aliased, temporary;
    int64_t host[5];
    ABLATE_PJRT_ROOM;
} ablate_pjrt_compiled_memory;

/// Loads a plug-in and gives its table; null with the loader's words, valid until the next call. It stays loaded.
const ablate_pjrt_table *ablate_pjrt_open(const char *path, const char **problem);

/// Calls a function of the table with a structure of arguments, whose size is set.
/// - Returns: null where all went well; otherwise an error to be destroyed.
ablate_pjrt_error *ablate_pjrt_call(const ablate_pjrt_table *table, enum ablate_pjrt_slot slot, void *arguments, size_t size);

/// Destroys an object by the function of a slot; nothing where it is null.
void ablate_pjrt_destroy(const ablate_pjrt_table *table, enum ablate_pjrt_slot slot, void *object);

/// Waits for an event and destroys it; null where it ended well or is null.
ablate_pjrt_error *ablate_pjrt_await(const ablate_pjrt_table *table, ablate_pjrt_event *event);
