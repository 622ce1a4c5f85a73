// What the build knows of itself.
#pragma once

/// The commit that the program was built from, as Package.swift takes it from ABLATE_COMMIT; "" where that was not given.
const char *ablate_commit(void);
