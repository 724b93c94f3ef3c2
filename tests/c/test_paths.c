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

/* Whether that is the path, relative to the work tree in "repo", with the store of that. */
static int is_in_repo(char *answer, const char *path) {
    char expected[3 * PATH_MAX];
    snprintf(expected, sizeof expected,
             "{\"success\":true,\"data\":{\"resource_path\":\"%s\",\"root\":\"%s/repo\",\"namespace\":null,"
             "\"store\":\"sqlite:%s/repo/.git/klock/klock.db\"}}", path, here, here);
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
    setenv("XDG_STATE_HOME", "/klock-state", 1);
    CHECK(answered(canonical("/klock-no-such-folder/x/../a.c", NULL),
                   "{\"success\":true,\"data\":{\"resource_path\":\"/klock-no-such-folder/a.c\",\"root\":null,\"namespace\":null,"
                   "\"store\":\"sqlite:/klock-state/klock/klock.db\"}}"));
}

static void the_environment_has_its_say(void) {
    setenv("KLOCK_NAMESPACE", "mine", 1);
    setenv("KLOCK_SERVER", "http://127.0.0.1:9", 1);
    CHECK(answered(canonical("a.c", "repo/src"), "\"namespace\":\"mine\",\"store\":\"http://127.0.0.1:9\""));
    unsetenv("KLOCK_NAMESPACE");
    unsetenv("KLOCK_SERVER");
}

/* "auto" is the store in the path's answer, whoever opens it from wherever in the repository. */
static void auto_is_the_store_of_the_repository(void) {
    klock_t *one = klock_open("{\"storage\":\"auto\",\"cwd\":\"repo/src\"}", NULL);
    klock_t *other = klock_open("{\"storage\":\"sqlite:repo/.git/klock/klock.db\"}", NULL);
    char *error = NULL;
    CHECK(one != NULL && other != NULL);
    CHECK(answered(klock_acquire(one, "{\"agent_id\":\"a\",\"session_id\":\"s\",\"resource_type\":\"FILE\",\"resource_path\":\"x\","
                                      "\"predicate\":\"MUTATES\",\"ttl\":60000}"), "\"success\":true"));
    CHECK(answered(klock_list_leases(other, NULL), "\"resource\":\"FILE:x\""));
    klock_close(one);
    klock_close(other);
    setenv("KLOCK_SERVER", "http://127.0.0.1:9", 1);
    CHECK(klock_open("{\"storage\":\"auto\",\"cwd\":\"repo/src\"}", &error) == NULL && failed_with(error, "INVALID_REQUEST"));
    unsetenv("KLOCK_SERVER");
}

static void a_pointer_to_nothing_is_no_other_repository(void) {
    FILE *file;
    char *error = NULL;
    CHECK(mkdir("tree", 0700) == 0 && (file = fopen("tree/.git", "w")) != NULL);
    CHECK(fputs("gitdir: ../no-such/worktrees/x\n", file) >= 0 && fclose(file) == 0);
    CHECK(failed_with(canonical("a.c", "tree"), "STORAGE_UNAVAILABLE"));
    CHECK(klock_open("{\"storage\":\"auto\",\"cwd\":\"tree\"}", &error) == NULL && failed_with(error, "STORAGE_UNAVAILABLE"));
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
    RUN(the_environment_has_its_say);
    RUN(auto_is_the_store_of_the_repository);
    RUN(a_pointer_to_nothing_is_no_other_repository);
    RUN(requests_that_are_wrong);
    return CHECK_RESULT;
}
