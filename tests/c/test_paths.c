/* klock_canonical_path: one name for one file, whoever spells it from wherever. Runs in an empty folder. */
#define _XOPEN_SOURCE 700
#include "support.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char here[PATH_MAX];

static char *canonical(const char *path, const char *cwd) {
    char json[2 * PATH_MAX];
    if (cwd == NULL) snprintf(json, sizeof json, "{\"path\":\"%s\"}", path);
    else snprintf(json, sizeof json, "{\"path\":\"%s\",\"cwd\":\"%s\"}", path, cwd);
    return klock_canonical_path(json);
}

/* Whether that is the path, relative to the work tree in "repo". */
static int is_in_repo(char *answer, const char *path) {
    char expected[2 * PATH_MAX];
    snprintf(expected, sizeof expected, "{\"success\":true,\"data\":{\"resource_path\":\"%s\",\"root\":\"%s/repo\"}}", path, here);
    return answered(answer, expected);
}

static void make_a_repo(void) {
    CHECK(mkdir("repo", 0700) == 0 && mkdir("repo/.git", 0700) == 0 && mkdir("repo/src", 0700) == 0);
    CHECK(symlink("repo", "link") == 0);
}

static void spellings_of_one_file_meet(void) {
    char absolute[PATH_MAX + 32];
    make_a_repo();
    snprintf(absolute, sizeof absolute, "%s/link/src/../src//a.c", here);
    CHECK(is_in_repo(canonical("repo/src/a.c", NULL), "src/a.c"));
    CHECK(is_in_repo(canonical("link/src/a.c", NULL), "src/a.c"));
    CHECK(is_in_repo(canonical("a.c", "repo/src"), "src/a.c"));
    CHECK(is_in_repo(canonical(absolute, NULL), "src/a.c"));
    CHECK(is_in_repo(canonical("link/src/**", NULL), "src/**"));
    CHECK(is_in_repo(canonical("link", NULL), "."));
}

static void outside_a_work_tree_paths_are_absolute(void) {
    CHECK(answered(canonical("/klock-no-such-folder/x/../a.c", NULL), "{\"resource_path\":\"/klock-no-such-folder/a.c\",\"root\":null}"));
}

static void requests_that_are_wrong(void) {
    static const char *const texts[] = {
        "{}", "7", "{\"path\":7}", "{\"path\":\"\"}", "{\"path\":\"a\\u0000b\"}", "{\"path\":\"a\",\"cwd\":7}"};
    char json[4200];
    size_t i;
    CHECK(failed_with(klock_canonical_path(NULL), "INVALID_REQUEST"));
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) CHECK(failed_with(klock_canonical_path(texts[i]), "INVALID_REQUEST"));
    memset(json, 'x', sizeof json);
    memcpy(json, "{\"path\":\"", 9);
    memcpy(json + 9 + 4097, "\"}", 3);
    CHECK(failed_with(klock_canonical_path(json), "INVALID_REQUEST"));
}

int main(void) {
    if (getcwd(here, sizeof here) == NULL) return 2;
    RUN(spellings_of_one_file_meet);
    RUN(outside_a_work_tree_paths_are_absolute);
    RUN(requests_that_are_wrong);
    return CHECK_RESULT;
}
