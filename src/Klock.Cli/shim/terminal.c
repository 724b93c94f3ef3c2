/*
 * The keys of a terminal, one by one, for `klock watch`: the .NET runtime's own way starts a thread and handlers for signals, and
 * restores the terminal only at the end of the process.
 */
#include <poll.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static int is_changed;

/*
 * Keys arrive at once and are not shown; signals from the keyboard remain signals. Only in the foreground: otherwise the terminal is
 * another process's, and a process that reads from it is stopped (SIGTTIN). A shell that brings klock from the background to the front may
 * set the terminal anew, so this is checked each time. Returns whether keys arrive.
 */
static int are_ours(void)
{
    struct termios now;
    if (tcgetpgrp(0) != getpgrp() || tcgetattr(0, &now))
        return 0;
    if (!(now.c_lflag & ICANON))
        return 1;
    before = now;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    is_changed = tcsetattr(0, TCSADRAIN, &now) == 0;
    return is_changed;
}

/* Restores the terminal. */
void klock_keys_end(void)
{
    if (is_changed && tcgetpgrp(0) == getpgrp())
        tcsetattr(0, TCSADRAIN, &before);
    is_changed = 0;
}

/* Waits for keys. Returns how many bytes arrived, 0 when none did in time, -1 when the terminal is gone. */
int klock_keys_read(char *bytes, int size, int timeout_ms)
{
    struct pollfd in = { 0, POLLIN, 0 };
    if (!are_ours()) {
        poll(NULL, 0, timeout_ms);
        return 0;
    }
    if (poll(&in, 1, timeout_ms) <= 0)
        return 0;
    ssize_t got = read(0, bytes, size);
    return got > 0 ? (int)got : -1;
}
