/* Opening, closing, versions, and every kind of handle that is not open. */
#include "support.h"

#include <string.h>

typedef char *(*function_t)(klock_t *, const char *);

static char *evict(klock_t *klock, const char *json) {
    (void)json;
    return klock_evict_expired(klock);
}

static const function_t functions[] = {
    klock_register_agent, klock_acquire,     klock_declare_intents, klock_heartbeat, klock_release,
    klock_revoke,         klock_list_leases, klock_list_agents,     klock_list_waiters, evict,
    klock_snapshot,
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

static void the_library_is_the_one_of_the_header(void) {
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", KLOCK_VERSION_MAJOR, KLOCK_VERSION_MINOR, KLOCK_VERSION_PATCH);
    CHECK(strcmp(klock_version(), KLOCK_VERSION) == 0);
    CHECK(strcmp(version, KLOCK_VERSION) == 0);
    CHECK(klock_abi_version() == KLOCK_ABI_VERSION);
}

static void success_clears_the_error(void) {
    char stale = 'x';
    char *error = &stale;
    klock_t *klock = klock_open(NULL, &error);
    CHECK(klock != NULL);
    CHECK(error == NULL);
    klock_close(klock);
}

static int open_fails(const char *options, const char *code) {
    char *error = NULL;
    klock_t *klock = klock_open(options, &error);
    if (klock != NULL) {
        klock_close(klock);
        klock_free(error);
        return 0;
    }
    return failed_with(error, code);
}

static void options_that_cannot_be_read(void) {
    CHECK(open_fails("", "INVALID_REQUEST"));
    CHECK(open_fails("{", "INVALID_REQUEST"));
    CHECK(open_fails("[]", "INVALID_REQUEST"));
    CHECK(open_fails("{\"storage\":7}", "INVALID_REQUEST"));
    CHECK(open_fails("{\"storage\":\"\"}", "INVALID_REQUEST"));
    CHECK(open_fails("{\"storage\":\"floppy:\"}", "INVALID_REQUEST"));
    CHECK(open_fails("{\"storage\":\"sqlite:\"}", "INVALID_REQUEST"));
    CHECK(open_fails("{\"storage\":\"sqlite:x.db?synchronous=maybe\"}", "INVALID_REQUEST"));
    CHECK(open_fails("{\"storage\":\"memory\xff\"}", "INVALID_REQUEST"));
}

static void a_store_that_cannot_be_opened(void) {
    CHECK(open_fails("{\"storage\":\"sqlite:/no/such/folder/at/all/x.db\"}", "STORAGE_UNAVAILABLE"));
    CHECK(open_fails("{\"storage\":\"sqlite:/proc/self/cmdline\"}", "STORAGE_UNAVAILABLE"));
    CHECK(open_fails("{\"storage\":\"sqlite:/tmp\"}", "STORAGE_UNAVAILABLE"));
}

static void nobody_has_to_want_the_error(void) { CHECK(klock_open("{\"storage\":7}", NULL) == NULL); }

static void default_is_memory_and_each_handle_its_own(void) {
    klock_t *one = klock_open(NULL, NULL);
    klock_t *two = klock_open("{}", NULL);
    CHECK(one != two);
    CHECK(succeeded(acquire(one, "ann", "a.c", "MUTATES", 60000)));
    CHECK(succeeded(acquire(two, "bob", "a.c", "MUTATES", 60000)));
    klock_close(one);
    klock_close(two);
}

static void handles_that_are_not_open_answer_closed(void) {
    char here[64];
    klock_t *closed = open_store();
    int i;
    klock_close(closed);
    memset(here, 0, sizeof here);
    for (i = 0; i < FUNCTIONS; i++) {
        CHECK(failed_with(functions[i](NULL, "{}"), "CLOSED"));
        CHECK(failed_with(functions[i](closed, "{}"), "CLOSED"));
        CHECK(failed_with(functions[i]((klock_t *)(void *)here, "{}"), "CLOSED"));
        CHECK(failed_with(functions[i]((klock_t *)(uintptr_t)1, "{}"), "CLOSED"));
        CHECK(failed_with(functions[i]((klock_t *)UINTPTR_MAX, "{}"), "CLOSED"));
    }
}

static void closing_what_is_not_open_is_ignored(void) {
    klock_t *klock = open_store();
    klock_t *other = open_store();
    klock_close(klock);
    klock_close(klock);
    klock_close(NULL);
    klock_close((klock_t *)(uintptr_t)0xdeadbeef);
    CHECK(succeeded(klock_list_leases(other, NULL)));
    klock_close(other);
}

static void handles_are_never_reused(void) {
    klock_t *first = klock_open(NULL, NULL);
    int i;
    klock_close(first);
    for (i = 0; i < 200; i++) {
        klock_t *later = klock_open(NULL, NULL);
        CHECK(later != NULL && later != first);
        klock_close(later);
    }
}

static void a_null_request_is_invalid_where_one_is_needed(void) {
    klock_t *klock = open_store();
    int i;
    for (i = 0; i < FUNCTIONS; i++) {
        int optional = functions[i] == klock_list_leases || functions[i] == klock_list_agents ||
                       functions[i] == klock_list_waiters || functions[i] == klock_snapshot || functions[i] == evict;
        char *answer = functions[i](klock, NULL);
        CHECK(optional ? succeeded(answer) : failed_with(answer, "INVALID_REQUEST"));
    }
    klock_close(klock);
}

static void freeing_null_is_ignored(void) {
    klock_free(NULL);
    CHECK(klock_version() != NULL);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(the_library_is_the_one_of_the_header);
    RUN(success_clears_the_error);
    RUN(options_that_cannot_be_read);
    RUN(a_store_that_cannot_be_opened);
    RUN(nobody_has_to_want_the_error);
    RUN(default_is_memory_and_each_handle_its_own);
    RUN(handles_that_are_not_open_answer_closed);
    RUN(closing_what_is_not_open_is_ignored);
    RUN(handles_are_never_reused);
    RUN(a_null_request_is_invalid_where_one_is_needed);
    RUN(freeing_null_is_ignored);
    return CHECK_RESULT;
}
