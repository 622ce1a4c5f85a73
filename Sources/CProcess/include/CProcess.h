// What Swift cannot call itself of the system's processes.
#pragma once
#include <sys/types.h>

/// fork(2) for a process of one thread; the child is killed when that ends.
/// Returns as fork does: 0 in the child, -1 with errno set where there can be none.
pid_t ablate_fork(void);

/// The processor cores that this process may run on (sched_getaffinity); 0 where the system does not say.
int ablate_allowed_cores(void);

/// Starts a program of the user's in a process group of its own, without a shell: its standard input is empty, it inherits no
/// other open file, no signal is ignored or blocked in it, and it is killed when the calling thread ends.
/// @param arguments the program, looked for in PATH where it has no slash, and its arguments, ended by NULL
/// @param folder its working folder
/// @param output descriptor that becomes its standard output
/// @param errors descriptor that becomes its standard error
/// @return its process, or -1 with errno set where it cannot be started
pid_t ablate_spawn(const char *const *arguments, const char *folder, int output, int errors);
