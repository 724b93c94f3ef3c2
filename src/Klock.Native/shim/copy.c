/* Loads a second copy of this library into the process. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

/* A name that the loader knows would return a copy that was left behind, so names must not run out. */
enum { MOST_GENERATIONS = 2000 };

/* Copies a file into a memory file; returns its descriptor, or -1 and errno. */
static int copy_to_memory(int from)
{
    /* Newer kernels want this flag for memory that will be executed; older ones do not know it. */
    int to = memfd_create("libklock", MFD_CLOEXEC | MFD_EXEC);
    if (to < 0 && errno == EINVAL) {
        to = memfd_create("libklock", MFD_CLOEXEC);
    }
    struct stat file;
    if (to < 0 || fstat(from, &file) != 0) {
        return -1;
    }
    for (off_t done = 0; done < file.st_size;) {
        ssize_t n = sendfile(to, from, NULL, (size_t)(file.st_size - done));
        if (n <= 0) {
            close(to);
            return -1;
        }
        done += n;
    }
    return to;
}

static const struct klock_library *fail(const char *what, const char *path, const char *why)
{
    char sentence[800];
    snprintf(sentence, sizeof sentence, "After fork() the library needs a copy of itself, but %s %s: %s.", what, path, why);
    return klock_library_missing(sentence);
}

static const struct klock_library *bind_copy(void *copy, const char *path)
{
    static struct klock_library loaded;
    uint32_t (*abi_version)(void) = (uint32_t(*)(void))dlsym(copy, "klock_abi_version");
    if (abi_version == NULL || abi_version() != KLOCK_ABI_VERSION) {
        return fail("another version was put at", path, "restart the program");
    }
    loaded.open = (klock_t * (*)(const char *, char **)) dlsym(copy, "klock_open");
    loaded.close = (void (*)(klock_t *))dlsym(copy, "klock_close");
    loaded.evict_expired = (char *(*)(klock_t *))dlsym(copy, "klock_evict_expired");
    loaded.canonical_path = (char *(*)(const char *))dlsym(copy, "klock_canonical_path");
#define KLOCK_ENTRY(name, number) loaded.name = (char *(*)(klock_t *, const char *))dlsym(copy, "klock_" #name);
    KLOCK_CALLS(KLOCK_ENTRY)
#undef KLOCK_ENTRY
    return &loaded;
}

const struct klock_library *klock_library_load(const char *path, unsigned generation)
{
    if (generation > MOST_GENERATIONS) {
        return klock_library_missing("The library was used by too many processes that were forked one from another: start a fresh one.");
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return fail("cannot open", path, strerror(errno));
    }
    int memory = copy_to_memory(file);
    int error = errno;
    close(file);
    if (memory < 0) {
        return fail("cannot copy", path, strerror(error));
    }

    /*
     * For a file or a name that it knows the loader returns the copy it already has. The memory file is a new file; the name gets one more
     * "./" for each generation, since a child's child may well get the same descriptor number again.
     */
    char name[2 * MOST_GENERATIONS + 64] = "/proc/self/fd/";
    size_t used = strlen(name);
    for (unsigned i = 0; i < generation; i++, used += 2) {
        memcpy(name + used, "./", 3);
    }
    snprintf(name + used, sizeof name - used, "%d", memory);

    void *copy = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    close(memory);
    return copy == NULL ? fail("cannot load", path, dlerror()) : bind_copy(copy, path);
}
