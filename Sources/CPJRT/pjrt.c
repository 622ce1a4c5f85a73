#include "include/CPJRT.h"

#include <dlfcn.h>

const ablate_pjrt_table *ablate_pjrt_open(const char *path, const char **problem) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        *problem = dlerror();
        return NULL;
    }
    const ablate_pjrt_table *(*get)(void) = (const ablate_pjrt_table *(*)(void))dlsym(library, "GetPjrtApi");
    if (get == NULL) {
        *problem = "it exports no GetPjrtApi";
        dlclose(library);
        return NULL;
    }
    const ablate_pjrt_table *table = get();
    if (table == NULL) *problem = "GetPjrtApi gives nothing";
    return table;
}

ablate_pjrt_error *ablate_pjrt_call(const ablate_pjrt_table *table, enum ablate_pjrt_slot slot, void *arguments, size_t size) {
    *(size_t *)arguments = size;
    return table->functions[slot](arguments);
}

void ablate_pjrt_destroy(const ablate_pjrt_table *table, enum ablate_pjrt_slot slot, void *object) {
    if (object == NULL) return;
    ablate_pjrt_one one = {.size = sizeof one, .object = object};
    table->functions[slot](&one);
}

ablate_pjrt_error *ablate_pjrt_await(const ablate_pjrt_table *table, ablate_pjrt_event *event) {
    if (event == NULL) return NULL;
    ablate_pjrt_one one = {.size = sizeof one, .object = event};
    ablate_pjrt_error *error = table->functions[ABLATE_PJRT_EVENT_AWAIT](&one);
    ablate_pjrt_destroy(table, ABLATE_PJRT_EVENT_DESTROY, event);
    return error;
}
