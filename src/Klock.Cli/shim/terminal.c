/*
 * The keys of a terminal, one by one, for `klock watch`: the .NET runtime's own way starts a thread and handlers for signals, and leaves
 * the terminal to be put right at the end of the process only.
 */
#include <poll.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static int is_changed;

/* Keys come at once and are not shown; signals from the keyboard still are signals. Returns whether stdin is a terminal. */
int klock_keys_start(void)
{
    struct termios now;
    if (tcgetattr(0, &before))
        return 0;
    now = before;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    is_changed = tcsetattr(0, TCSADRAIN, &now) == 0;
    return 1;
}

/* The terminal as it was. */
void klock_keys_end(void)
{
    if (is_changed)
        tcsetattr(0, TCSADRAIN, &before);
    is_changed = 0;
}

/* Waits for keys. Returns how many bytes of them came, 0 when none did in time, -1 when none will. */
int klock_keys_read(char *bytes, int size, int timeout_ms)
{
    struct pollfd in = { 0, POLLIN, 0 };
    int ready = poll(&in, 1, timeout_ms);
    if (ready <= 0)
        return 0;
    ssize_t got = read(0, bytes, size);
    return got > 0 ? (int)got : -1;
}
