#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Lets no descriptor from 3 on survive exec: a lock that a program held after its worker would be held for ever.
static void close_others(void) {
#if defined(SYS_close_range)
    // CLOSE_RANGE_CLOEXEC, of Linux 5.11.
    if (syscall(SYS_close_range, 3u, ~0u, 4u) == 0) return;
#endif
    for (int descriptor = 3; descriptor < 65536; descriptor++) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/// The child's part: only calls that are safe after a fork among threads.
static void become(const char *const *arguments, const char *folder, int output, int errors, int report, pid_t parent) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have ended before that.
    if (getppid() != parent) _exit(127);
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int number = 1; number < 32; number++) sigaction(number, &usual, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    const int empty = open("/dev/null", O_RDONLY);
    if (empty >= 0 && chdir(folder) == 0 && dup2(empty, 0) >= 0 && dup2(output, 1) >= 0 && dup2(errors, 2) >= 0) {
        close_others();
        execvp(arguments[0], (char *const *)arguments);
    }
    const int reason = errno;
    const ssize_t written = write(report, &reason, sizeof reason);
    (void)written;
    _exit(127);
}

pid_t ablate_spawn(const char *const *arguments, const char *folder, int output, int errors) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    const pid_t parent = getpid(), child = fork();
    if (child == 0) become(arguments, folder, output, errors, report[1], parent);
    const int reason = errno;
    close(report[1]);
    int found = 0;
    ssize_t count = 0;
    if (child > 0) {
        // The end of the pipe means that the program has begun.
        do count = read(report[0], &found, sizeof found);
        while (count < 0 && errno == EINTR);
    }
    close(report[0]);
    if (child < 0) {
        errno = reason;
        return -1;
    }
    if (count == (ssize_t)sizeof found) {
        while (waitpid(child, 0, 0) < 0 && errno == EINTR) {}
        errno = found;
        return -1;
    }
    return child;
}
