#include "CVersion.h"

const char *ablate_commit(void) { return ABLATE_COMMIT; }
