/*
 * The child of `klock run`: a command in a process group of its own. In C because the .NET runtime cannot be used between fork() and
 * exec().
 *
 * The child is forked before there are any leases, and waits: they are bound to its process group (HolderProcess.cs), so the group's
 * number must be known when they are asked for. Thus they end when klock and all of the group are gone, whoever was killed first.
 * Right before exec() it checks itself whether they still last: klock may have been stopped since it learnt of the grant.
 */
#define _GNU_SOURCE
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MOST_EXTRA = 8 };

/* What klock_child_go() returns when the leases were over before the command could start: no errno. */
enum { LATE = -1 };

static int go_pipe = -1, report_pipe = -1;
static int has_terminal;
static _Atomic int was_late;

/* What klock sends the child to start it: the leases' end, NAME=value strings and an empty one. */
static struct {
    struct lease_end end;
    char text[48 * 1024];
} sent;

/* Room for the child's environment, allocated before the fork. */
static char **merged;

/* In the child: this process's environment, in which what was sent replaces variables of the same names. */
static void merge_environment(void)
{
    char *extra[MOST_EXTRA];
    size_t more = 0, used = 0;
    for (char *s = sent.text; *s && more < MOST_EXTRA; s += strlen(s) + 1)
        extra[more++] = s;
    for (size_t i = 0; environ[i]; i++) {
        int replaced = 0;
        for (size_t j = 0; j < more; j++) {
            size_t name = strchr(extra[j], '=') - extra[j] + 1;
            replaced |= strncmp(environ[i], extra[j], name) == 0;
        }
        if (!replaced)
            merged[used++] = environ[i];
    }
    for (size_t j = 0; j < more; j++)
        merged[used++] = extra[j];
}

/* In the child: reads what klock sends to start it; 0 when klock is gone or has given up. */
static int may_go(int go)
{
    size_t got = 0, least = sizeof sent.end + 2;
    char *to = (char *)&sent;
    while (got < least || to[got - 1] || to[got - 2]) {
        ssize_t more = read(go, to + got, sizeof sent - got);
        if (more <= 0)
            return 0;
        got += more;
    }
    return 1;
}

static int is_told(int report, int problem)
{
    return write(report, &problem, sizeof problem) == sizeof problem;
}

/* In the child: waits for that, then becomes the command. Never returns. */
static void become(char *const argv[], int go, int report)
{
    setpgid(0, 0);
    forget_handlers();
    /* The guard may be killed as well as klock. Then at least the command itself ends with klock. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!may_go(go))
        _exit(126);
    merge_environment();
    int problem = LATE;
    if (!is_over(sent.end)) {
        execvpe(argv[0], argv, merged);
        problem = errno;
    }
    _exit(is_told(report, problem) ? 126 : 125);
}

/* Works in the background too: see BackgroundTerminal.cs. */
static void give_terminal(pid_t group)
{
    tcsetpgrp(0, group);
}

/*
 * Forks the child, which becomes a command, found on PATH, when klock_child_go() is called. *pid gets its process id, which is its
 * process group's as well. One child at a time; klock_child_end() ends it, started or not. Returns 0, or an errno.
 */
int klock_child_prepare(char *const argv[], int *pid)
{
    int go[2], report[2];
    size_t own = 0;
    *pid = 0;
    while (environ[own])
        own++;
    merged = calloc(own + MOST_EXTRA + 1, sizeof *merged);
    if (!merged || pipe2(go, O_CLOEXEC) || pipe2(report, O_CLOEXEC))
        return errno;
    pid_t child = fork();
    if (child < 0)
        return errno;
    if (child == 0) {
        close(go[1]);
        become(argv, go[0], report[1]);
    }
    setpgid(child, child);
    close(go[0]);
    close(report[1]);
    go_pipe = go[1];
    report_pipe = report[0];
    *pid = child;
    return guard_start(child);
}

/* Sets what is sent to the child; 0, or E2BIG. */
static int write_word(char *const extra_environment[], size_t *used)
{
    *used = 0;
    for (size_t i = 0; extra_environment[i]; i++) {
        size_t length = strlen(extra_environment[i]) + 1;
        if (i == MOST_EXTRA || *used + length >= sizeof sent.text)
            return E2BIG;
        memcpy(sent.text + *used, extra_environment[i], length);
        *used += length;
    }
    sent.text[(*used)++] = 0;
    *used += sizeof sent.end;
    return 0;
}

/*
 * Sets until when the leases last from now on. Thread-safe. Where a lost lease is only reported this has no effect once the command has
 * started.
 */
void klock_child_extend(int clock, int64_t until_ns)
{
    guard_extend((struct lease_end){ until_ns, clock });
}

/*
 * Starts the child's command, with these variables (NAME=value, NULL at the end) on top of its environment, if its leases are not over
 * by then: until_ns on that clock. From then on the group is ended when they are over, or, if that is not wanted, only until the command
 * has started. Gives it the terminal when klock has it. Returns 0, LATE, or the errno that says why it could not be run.
 */
int klock_child_go(int pid, char *const extra_environment[], int clock, int64_t until_ns, int ends_when_late)
{
    int problem = 0;
    size_t used;
    if (write_word(extra_environment, &used))
        return E2BIG;
    sent.end = (struct lease_end){ until_ns, clock };
    guard_set_end(sent.end);
    has_terminal = isatty(0) && tcgetpgrp(0) == getpgrp();
    if (has_terminal)
        give_terminal(pid);
    /* A child that is gone cannot read: klock_child_end() returns how it ended. */
    if (write(go_pipe, &sent, used) != (ssize_t)used && errno != EPIPE)
        problem = errno;
    if (read(report_pipe, &problem, sizeof problem) < 0)
        problem = errno;
    if (!ends_when_late)
        guard_set_end((struct lease_end){ NEVER, clock });
    return problem;
}

/*
 * Stops klock until it is continued. The signal is sent to this very thread: one for the process may be delivered to another thread, and
 * this one would run on for a moment.
 */
void klock_stop_self(void)
{
    syscall(SYS_tgkill, getpid(), gettid(), SIGSTOP);
}

/* Stops klock until it is continued; then continues the command too, unless the leases have ended meanwhile. */
static void stop_and_go_on(int pid)
{
    klock_stop_self();
    if (is_over(guard_end())) {
        was_late = 1;
        kill(-pid, SIGKILL);
        return;
    }
    if (has_terminal && tcgetpgrp(0) == getpgrp())
        give_terminal(pid);
    kill(-pid, SIGCONT);
}

/*
 * Stops the command's group and klock, as a person does with Ctrl-Z, until klock is continued. Where the command has the terminal,
 * klock_child_wait() does the rest. Thread-safe.
 */
void klock_child_stop(int pid)
{
    kill(-pid, SIGSTOP);
    if (!has_terminal)
        stop_and_go_on(pid);
}

/*
 * Blocks until the command has ended, and leaves it unreaped, so that its id is not reused yet. When a person stops it (Ctrl-Z) klock
 * stops too, as a shell expects of what it started, and both are continued together.
 */
void klock_child_wait(int pid)
{
    siginfo_t info;
    for (;;) {
        int flags = WEXITED | WNOWAIT | (has_terminal ? WSTOPPED : 0);
        if (waitid(P_ALL, 0, &info, flags) < 0) {
            if (errno == EINTR)
                continue;
            return;
        }
        if (info.si_pid != pid) {
            guard_reap(info.si_pid, pid);
            continue;
        }
        if (info.si_code != CLD_STOPPED)
            return;
        waitid(P_PID, pid, &info, WSTOPPED);
        give_terminal(getpgrp());
        stop_and_go_on(pid);
    }
}

/*
 * Dismisses the guard, takes the terminal back, reaps the command, which ends by itself when it was never started. *late gets whether
 * the group was ended because the leases were over. Returns the command's exit code, 128 + n when signal n ended it.
 */
int klock_child_end(int pid, int *late)
{
    int status = 0;
    *late = guard_dismiss() | was_late;
    close(go_pipe);
    close(report_pipe);
    if (has_terminal)
        give_terminal(getpgrp());
    waitpid(pid, &status, 0);
    free(merged);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Whether this process was started with the signal ignored, as by nohup. */
int klock_signal_is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}
