// Counts heap allocations: a program that links this has malloc and its relatives replaced by ones that count and call glibc's.
#pragma once

/// Allocations made by the calling thread so far.
long allocation_count(void);
