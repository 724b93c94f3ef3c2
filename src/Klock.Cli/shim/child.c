/*
 * The child of `klock run`: a command in a process group of its own, and a guard that ends the group when klock itself dies.
 *
 * In C because the .NET runtime cannot be used between fork() and exec(). The guard is a process, since nothing else outlives a
 * `kill -9` of klock: it sleeps in a read() of a pipe whose other end klock holds, and the kernel closes that end with klock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static pid_t guard_pid;
static int guard_pipe = -1;
static int has_terminal;

/* The environment of this process, with `extra` (NAME=value, NULL at the end) in place of variables of the same names. */
static char **environment_with(char *const extra[])
{
    size_t own = 0, more = 0, used = 0;
    while (environ[own])
        own++;
    while (extra[more])
        more++;
    char **all = calloc(own + more + 1, sizeof *all);
    if (!all)
        return NULL;
    for (size_t i = 0; i < own; i++) {
        int replaced = 0;
        for (size_t j = 0; j < more; j++) {
            size_t name = strchr(extra[j], '=') - extra[j] + 1;
            replaced |= strncmp(environ[i], extra[j], name) == 0;
        }
        if (!replaced)
            all[used++] = environ[i];
    }
    for (size_t j = 0; j < more; j++)
        all[used++] = extra[j];
    return all;
}

/* In the child: waits for the word that the guard stands, then becomes the command. Never returns. */
static void become(char *const argv[], char *const envp[], int go, int report)
{
    char word;
    setpgid(0, 0);
    if (read(go, &word, 1) != 1)
        _exit(126);
    /* .NET ignores SIGPIPE, and exec() keeps what is ignored; what is caught goes back to its default by itself. */
    signal(SIGPIPE, SIG_DFL);
    execvpe(argv[0], argv, envp);
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

static void give_terminal(pid_t group)
{
    sigset_t ttou, before;
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &ttou, &before);
    tcsetpgrp(0, group);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/*
 * Starts a command, found on PATH. *pid gets its process id, which is its process group's as well. Takes the terminal for it when
 * klock has it. One child at a time. Returns 0, or the errno that says why it could not be run.
 */
int klock_child_start(char *const argv[], char *const extra_environment[], int *pid)
{
    int go[2], report[2], guard[2], problem = 0;
    char **envp = environment_with(extra_environment);
    *pid = 0;
    if (!envp || pipe2(go, O_CLOEXEC) || pipe2(report, O_CLOEXEC))
        return errno;
    pid_t child = fork();
    if (child < 0)
        return errno;
    if (child == 0) {
        close(go[1]);
        become(argv, envp, go[0], report[1]);
    }
    setpgid(child, child);
    close(go[0]);
    close(report[1]);
    if (pipe2(guard, O_CLOEXEC) || (guard_pid = fork()) < 0) {
        problem = errno;
        close(go[1]);
        waitpid(child, NULL, 0);
        return problem;
    }
    if (guard_pid == 0) {
        close(guard[1]);
        close(go[1]);
        stand_guard(child, guard[0]);
    }
    close(guard[0]);
    guard_pipe = guard[1];
    has_terminal = isatty(0) && tcgetpgrp(0) == getpgrp();
    if (has_terminal)
        give_terminal(child);
    *pid = child;
    if (write(go[1], "g", 1) != 1)
        problem = errno;
    close(go[1]);
    if (read(report[0], &problem, sizeof problem) < 0)
        problem = errno;
    close(report[0]);
    free(envp);
    return problem;
}

/*
 * Blocks until the command has ended, and leaves it unreaped, so that its id is nobody else's yet. When a person stops it (Ctrl-Z)
 * klock stops too, as a shell expects of what it started, and both go on together.
 */
void klock_child_wait(int pid)
{
    siginfo_t info;
    for (;;) {
        int flags = WEXITED | WNOWAIT | (has_terminal ? WSTOPPED : 0);
        if (waitid(P_PID, pid, &info, flags) < 0) {
            if (errno == EINTR)
                continue;
            return;
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

/* Dismisses the guard, takes the terminal back, reaps the command. Returns its exit code, 128 + n when signal n ended it. */
int klock_child_end(int pid)
{
    int status = 0;
    if (write(guard_pipe, "e", 1) != 1)
        kill(guard_pid, SIGKILL);
    close(guard_pipe);
    waitpid(guard_pid, NULL, 0);
    if (has_terminal)
        give_terminal(getpgrp());
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Whether this process was started with the signal ignored, as by nohup. */
int klock_signal_is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}
