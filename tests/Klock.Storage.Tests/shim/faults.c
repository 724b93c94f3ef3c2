/*
 * A disk that fails: preloaded (LD_PRELOAD), it lets calls on a store's files fail at random, with EIO or ENOSPC, some writes after half
 * of their bytes. What the page cache then holds is what a process that goes on, or one that comes after a crash, finds.
 *
 * KLOCK_FAULTS is a file of one 32-bit word, shared with whoever decides: of a thousand calls so many fail. KLOCK_FAULTS_SEED makes it
 * another run.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic uint32_t *chance;
static _Atomic uint64_t state;

__attribute__((constructor)) static void prepare(void)
{
    const char *path = getenv("KLOCK_FAULTS"), *seed = getenv("KLOCK_FAULTS_SEED");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *memory = mmap(NULL, sizeof *chance, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    state = seed ? strtoull(seed, NULL, 10) : 1;
    if (memory != MAP_FAILED)
        chance = memory;
}

/* splitmix64: the state is a counter, so threads need no lock. */
static uint32_t below(uint32_t bound)
{
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) % bound);
}

static int is_stores(int file)
{
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    return name && strncmp(name, "/klock.db", 9) == 0;
}

/* Whether this call fails; errno says how. */
static int fails(int file)
{
    if (!chance || *chance == 0 || below(1000) >= *chance || !is_stores(file))
        return 0;
    errno = below(2) ? EIO : ENOSPC;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define FAILS_AFTER_HALF(half) \
    do { \
        if (fails(file)) { \
            int problem = errno; \
            if (below(2) && (half) < 0) \
                problem = errno; \
            errno = problem; \
            return -1; \
        } \
    } while (0)

ssize_t write(int file, const void *bytes, size_t count)
{
    FAILS_AFTER_HALF(REAL(write)(file, bytes, count / 2));
    return REAL(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
    FAILS_AFTER_HALF(REAL(pwrite)(file, bytes, count / 2, at));
    return REAL(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
    FAILS_AFTER_HALF(REAL(pwrite64)(file, bytes, count / 2, at));
    return REAL(pwrite64)(file, bytes, count, at);
}

ssize_t read(int file, void *bytes, size_t count)
{
    return fails(file) ? -1 : REAL(read)(file, bytes, count);
}

ssize_t pread(int file, void *bytes, size_t count, off_t at)
{
    return fails(file) ? -1 : REAL(pread)(file, bytes, count, at);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t at)
{
    return fails(file) ? -1 : REAL(pread64)(file, bytes, count, at);
}

int fsync(int file)
{
    return fails(file) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file)
{
    return fails(file) ? -1 : REAL(fdatasync)(file);
}

int ftruncate(int file, off_t length)
{
    return fails(file) ? -1 : REAL(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length)
{
    return fails(file) ? -1 : REAL(ftruncate64)(file, length);
}
