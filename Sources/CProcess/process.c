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
