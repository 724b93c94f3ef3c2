/*
 * The guard of `klock run`: a process that ends the command's group when klock is gone, and when the leases are over.
 *
 * A process, since nothing else outlives a `kill -9` of klock: it sleeps on a pipe whose other end klock holds, and the system closes that
 * end with klock. And since nothing else watches the clock while klock is stopped (SIGSTOP, Ctrl-Z, no processor): leases end by
 * themselves. So it knows until when they last, and klock sends it every later end.
 */
#define _GNU_SOURCE
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NS_A_SECOND = 1000000000 };

/* The exit code of the guard when it has ended the group because the leases are over. */
enum { WAS_NEEDED = 3 };

/* The message that dismisses the guard. */
#define DISMISSED INT64_MIN

/* The guard's process id, and what it was sent: it may be killed, and its successor needs that. The lock is for all of these. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t guard_pid;
static int to_guard = -1, was_needed;
static struct lease_end lease_end = { NEVER, CLOCK_MONOTONIC };

int is_over(struct lease_end end)
{
    struct timespec now;
    clock_gettime((clockid_t)end.clock, &now);
    return (int64_t)now.tv_sec * NS_A_SECOND + now.tv_nsec >= end.until_ns;
}

/* The runtime's handlers would report signals of this process to klock, over a pipe that both share. */
void forget_handlers(void)
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

/* In the guard: a timer that fires when the leases end. */
static void set_alarm(int *timer, struct lease_end end)
{
    struct itimerspec when = { .it_value = { end.until_ns / NS_A_SECOND, end.until_ns % NS_A_SECOND } };
    if (*timer >= 0)
        close(*timer);
    *timer = end.until_ns == NEVER ? -1 : timerfd_create((int)end.clock, 0);
    if (*timer >= 0 && timerfd_settime(*timer, TFD_TIMER_ABSTIME, &when, NULL))
        _exit(1);
}

/* In the guard: waits until klock dismisses it, or is gone, or the leases are over. Never returns. */
static void stand_guard(pid_t group, int from_klock, struct lease_end end)
{
    int timer = -1;
    setsid();
    forget_handlers();
    prctl(PR_SET_NAME, "klock-guard");
    /* It must keep nothing open whose closing others wait for. */
    if (dup2(from_klock, 0) < 0)
        _exit(1);
    syscall(SYS_close_range, 1, ~0U, 0);
    set_alarm(&timer, end);
    for (;;) {
        struct pollfd heard[2] = { { 0, POLLIN, 0 }, { timer, POLLIN, 0 } };
        if (poll(heard, 2, -1) < 0)
            continue;
        /* What klock has sent comes first: a later end may have arrived before the timer fired. */
        if (heard[0].revents) {
            ssize_t got = read(0, &end, sizeof end);
            if (got == 0)
                break;
            if (got == sizeof end && end.until_ns == DISMISSED)
                _exit(0);
            if (got == sizeof end)
                set_alarm(&timer, end);
        } else if (is_over(end)) {
            kill(-group, SIGKILL);
            _exit(WAS_NEEDED);
        }
    }
    kill(-group, SIGKILL);
    _exit(0);
}

/* Needs the lock. */
static int start(pid_t group)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return errno;
    /* Sending to it must not block. */
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    guard_pid = fork();
    if (guard_pid == 0) {
        close(ends[1]);
        stand_guard(group, ends[0], lease_end);
    }
    int problem = guard_pid < 0 ? errno : 0;
    close(ends[0]);
    to_guard = ends[1];
    return problem;
}

int guard_start(pid_t group)
{
    pthread_mutex_lock(&lock);
    int problem = start(group);
    pthread_mutex_unlock(&lock);
    return problem;
}

/* Needs the lock. A guard that cannot be reached is gone, and its successor gets this; or it is stopped, and klock's own timer must do. */
static int send_end(struct lease_end end)
{
    return write(to_guard, &end, sizeof end) == sizeof end;
}

void guard_set_end(struct lease_end end)
{
    pthread_mutex_lock(&lock);
    lease_end = end;
    send_end(end);
    pthread_mutex_unlock(&lock);
}

void guard_extend(struct lease_end end)
{
    pthread_mutex_lock(&lock);
    if (lease_end.until_ns != NEVER) {
        lease_end = end;
        send_end(end);
    }
    pthread_mutex_unlock(&lock);
}

struct lease_end guard_end(void)
{
    pthread_mutex_lock(&lock);
    struct lease_end end = lease_end;
    pthread_mutex_unlock(&lock);
    return end;
}

/* Needs the lock. */
static void note_end(int status)
{
    was_needed |= WIFEXITED(status) && WEXITSTATUS(status) == WAS_NEEDED;
    close(to_guard);
    to_guard = -1;
    guard_pid = 0;
}

void guard_reap(pid_t other, pid_t group)
{
    int status;
    if (waitpid(other, &status, WUNTRACED) != other || WIFSTOPPED(status))
        return;
    pthread_mutex_lock(&lock);
    if (other == guard_pid) {
        note_end(status);
        if (!was_needed && start(group))
            kill(-group, SIGKILL);
    }
    pthread_mutex_unlock(&lock);
}

int guard_dismiss(void)
{
    int status = 0;
    pthread_mutex_lock(&lock);
    if (guard_pid > 0) {
        if (!send_end((struct lease_end){ DISMISSED, CLOCK_MONOTONIC }))
            kill(guard_pid, SIGKILL);
        /* It may have been stopped. */
        kill(guard_pid, SIGCONT);
        waitpid(guard_pid, &status, 0);
        note_end(status);
    }
    pthread_mutex_unlock(&lock);
    return was_needed;
}
