#define _GNU_SOURCE
#include "CProcess.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

pid_t ablate_fork(void) {
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // The parent may have ended before that.
        if (getppid() != parent) _exit(1);
    }
    return child;
}

#include <sched.h>

int ablate_allowed_cores(void) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return 0;
}
