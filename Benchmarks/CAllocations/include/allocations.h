// Counts what the process asks of the heap: malloc and its family are replaced by counting ones.
#pragma once

/// Blocks asked for since the process began, over all threads.
unsigned long allocation_count(void);
