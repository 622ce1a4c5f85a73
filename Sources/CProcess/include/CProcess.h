// What Swift cannot call itself of the system's processes.
#pragma once
#include <sys/types.h>

/// fork(2) for a process of one thread; the child is killed when that ends.
/// Returns as fork does: 0 in the child, -1 with errno set where there can be none.
pid_t ablate_fork(void);

/// The processor cores that this process may run on (sched_getaffinity); 0 where the system does not say.
int ablate_allowed_cores(void);
