/*
 * A disk that fails: preloaded (LD_PRELOAD), it lets calls on a store's files fail at random, with EIO or ENOSPC, some writes after half
 * of their bytes. What the page cache then holds is what a process that goes on, or one that comes after a crash, finds.
 *
 * KLOCK_FAULTS is a file shared with whoever decides (struct disk, Harness/FailingDisk.cs). KLOCK_FAULTS_SEED makes it another run.
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
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { FLUSHES_HANG = 2000, FLUSHES_FAIL = 3000 };

static struct disk {
    /* Of a thousand calls so many fail; or one of the above. */
    _Atomic uint32_t chance;
    /* How many flushes hang. */
    _Atomic uint32_t hanging;
    /* How long the log was when a flush of it began that succeeded. */
    _Atomic uint64_t flushed;
} *disk;

static _Atomic uint64_t state;

__attribute__((constructor)) static void prepare(void)
{
    const char *path = getenv("KLOCK_FAULTS"), *seed = getenv("KLOCK_FAULTS_SEED");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *memory = mmap(NULL, sizeof *disk, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    state = seed ? strtoull(seed, NULL, 10) : 1;
    if (memory != MAP_FAILED)
        disk = memory;
}

/* splitmix64: the state is a counter, so threads need no lock. */
static uint32_t below(uint32_t bound)
{
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) % bound);
}

static const char *name_of(int file, char path[4096])
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, 4095);
    path[length < 0 ? 0 : length] = 0;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int is_stores(int file)
{
    char path[4096];
    return strncmp(name_of(file, path), "klock.db", 8) == 0;
}

static int is_log(int file)
{
    char path[4096];
    return strcmp(name_of(file, path), "klock.db-wal") == 0;
}

/* Whether this call fails; errno says how. */
static int fails(int file)
{
    uint32_t chance = disk ? disk->chance : 0;
    if (chance == 0 || chance > 1000 || below(1000) >= chance || !is_stores(file))
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
    struct stat before;
    if (!disk || !is_stores(file) || fstat(file, &before) != 0)
        return REAL(fdatasync)(file);
    if (disk->chance == FLUSHES_HANG) {
        disk->hanging++;
        while (disk->chance == FLUSHES_HANG)
            usleep(1000);
        disk->hanging--;
    }
    if (disk->chance == FLUSHES_FAIL) {
        errno = EIO;
        return -1;
    }
    if (fails(file) || REAL(fdatasync)(file) != 0)
        return -1;
    if (is_log(file) && (uint64_t)before.st_size > disk->flushed)
        disk->flushed = (uint64_t)before.st_size;
    return 0;
}

/*
 * .NET looks the functions of "libc" up in that library, where it finds the real ones: so it gets this one instead, and with it all that
 * this one needs.
 */
void *dlopen(const char *name, int flags)
{
    Dl_info self;
    if (name && (strcmp(name, "libc") == 0 || strcmp(name, "libc.so.6") == 0) && dladdr(&disk, &self) != 0)
        name = self.dli_fname;
    return REAL(dlopen)(name, flags);
}

int ftruncate(int file, off_t length)
{
    return fails(file) ? -1 : REAL(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length)
{
    return fails(file) ? -1 : REAL(ftruncate64)(file, length);
}
