/*
 * The child of `klock run`: a command in a process group of its own, and a guard that ends the group when klock itself dies.
 *
 * In C because the .NET runtime cannot be used between fork() and exec(). The guard is a process, since nothing else outlives a
 * `kill -9` of klock: it sleeps in a read() of a pipe whose other end klock holds, and the kernel closes that end with klock.
 *
 * The child is forked before there are any leases, and waits: they are bound to its process group (HolderProcess.cs), so the group's
 * number must be known when they are asked for. Thus they end when klock and all of the group are gone, whoever was killed first.
 */
#define _GNU_SOURCE
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

static pid_t guard_pid;
static int guard_pipe = -1, go_pipe = -1, report_pipe = -1;
static int has_terminal;

/* What klock sends the child when it may go: NAME=value strings and an empty one. It holds the ids of 256 leases. */
static char sent[16 * 1024];

/* Room for the child's environment, got before the fork. */
static char **merged;

/* In the child: this process's environment, with what was sent in place of variables of the same names. */
static void merge_environment(void)
{
    char *extra[MOST_EXTRA];
    size_t more = 0, used = 0;
    for (char *s = sent; *s && more < MOST_EXTRA; s += strlen(s) + 1)
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

/* In a fork: the runtime's handlers would tell klock, over a pipe that it shares, of signals that this process gets. */
static void forget_handlers(void)
{
    struct sigaction now;
    sigset_t ttou;
    for (int number = 1; number < NSIG; number++)
        if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            signal(number, SIG_DFL);
    /* .NET ignores the one, klock blocks the other, and exec() keeps both. */
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_UNBLOCK, &ttou, NULL);
}

/* In the child: reads what klock sends when it may go; 0 when klock is gone or has changed its mind. */
static int may_go(int go)
{
    size_t got = 0;
    while (got < 2 || sent[got - 1] || sent[got - 2]) {
        ssize_t more = read(go, sent + got, sizeof sent - got);
        if (more <= 0)
            return 0;
        got += more;
    }
    return 1;
}

/* In the child: waits for the word, then becomes the command. Never returns. */
static void become(char *const argv[], int go, int report)
{
    setpgid(0, 0);
    forget_handlers();
    /* The guard may be killed as well as klock. Then at least the command itself ends with klock. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!may_go(go))
        _exit(126);
    merge_environment();
    execvpe(argv[0], argv, merged);
    int problem = errno;
    if (write(report, &problem, sizeof problem) < 0)
        _exit(125);
    _exit(126);
}

/* In the guard: waits until klock says that all is over, or is gone. Never returns. */
static void stand_guard(pid_t group, int from_klock)
{
    char word;
    ssize_t heard;
    setsid();
    forget_handlers();
    prctl(PR_SET_NAME, "klock-guard");
    /* It must keep nothing open that others wait to see closed. */
    if (dup2(from_klock, 0) < 0)
        _exit(1);
    syscall(SYS_close_range, 1, ~0U, 0);
    do
        heard = read(0, &word, 1);
    while (heard < 0 && errno == EINTR);
    if (heard == 0)
        kill(-group, SIGKILL);
    _exit(0);
}

/* Returns 0, or the errno that says why there is no guard. */
static int start_guard(pid_t group)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return errno;
    guard_pid = fork();
    if (guard_pid == 0) {
        close(ends[1]);
        stand_guard(group, ends[0]);
    }
    int problem = guard_pid < 0 ? errno : 0;
    close(ends[0]);
    guard_pipe = ends[1];
    return problem;
}

/* From the background too: see BackgroundTerminal.cs. */
static void give_terminal(pid_t group)
{
    tcsetpgrp(0, group);
}

/*
 * Forks the child, which becomes a command, found on PATH, when klock_child_go() is called. *pid gets its process id, which is its
 * process group's as well. One child at a time; klock_child_end() ends it, whether it went or not. Returns 0, or an errno.
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
    return start_guard(child);
}

/*
 * Lets the child become its command, with these variables (NAME=value, NULL at the end) on top of its environment. Takes the
 * terminal for it when klock has it. Returns 0, or the errno that says why it could not be run.
 */
int klock_child_go(int pid, char *const extra_environment[])
{
    int problem = 0;
    size_t used = 0;
    for (size_t i = 0; extra_environment[i]; i++) {
        size_t length = strlen(extra_environment[i]) + 1;
        if (i == MOST_EXTRA || used + length >= sizeof sent)
            return E2BIG;
        memcpy(sent + used, extra_environment[i], length);
        used += length;
    }
    sent[used++] = 0;
    has_terminal = isatty(0) && tcgetpgrp(0) == getpgrp();
    if (has_terminal)
        give_terminal(pid);
    if (write(go_pipe, sent, used) != (ssize_t)used)
        problem = errno;
    if (read(report_pipe, &problem, sizeof problem) < 0)
        problem = errno;
    return problem;
}

/*
 * Blocks until the command has ended, and leaves it unreaped, so that its id is nobody else's yet. When a person stops it (Ctrl-Z)
 * klock stops too, as a shell expects of what it started, and both go on together. A guard that is killed gets a successor.
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
            /* The guard, or a child of the program that became klock. */
            waitid(P_PID, info.si_pid, &info, WEXITED | WSTOPPED);
            if (info.si_pid == guard_pid && info.si_code != CLD_STOPPED) {
                close(guard_pipe);
                if (start_guard(pid))
                    kill(-pid, SIGKILL);
            }
            continue;
        }
        if (info.si_code != CLD_STOPPED)
            return;
        waitid(P_PID, pid, &info, WSTOPPED);
        give_terminal(getpgrp());
        kill(getpid(), SIGSTOP);
        if (tcgetpgrp(0) == getpgrp())
            give_terminal(pid);
        kill(-pid, SIGCONT);
    }
}

/*
 * Dismisses the guard, takes the terminal back, reaps the command, which ends by itself when it was never told to go. Returns its exit
 * code, 128 + n when signal n ended it.
 */
int klock_child_end(int pid)
{
    int status = 0;
    if (guard_pid > 0) {
        if (write(guard_pipe, "e", 1) != 1)
            kill(guard_pid, SIGKILL);
        waitpid(guard_pid, NULL, 0);
    }
    close(guard_pipe);
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
