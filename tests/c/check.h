/*
 * A case is a function; CHECK says what must hold in it. Each case ends in one line on stdout, which run.py reads:
 * "ok NAME", "not ok NAME: WHY" or "skip NAME: WHY". C99, and C++ too.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

static const char *check_case;
static int check_failed_here;
static int check_failed_cases;

static inline int check_that(int holds, const char *what, const char *file, int line) {
    if (!holds && !check_failed_here) {
        printf("not ok %s: %s:%d: %s\n", check_case, file, line, what);
        fflush(stdout);
    }
    if (!holds) check_failed_here = 1;
    return holds;
}

static inline void check_run(const char *name, void (*body)(void)) {
    check_case = name;
    check_failed_here = 0;
    body();
    if (check_failed_here) check_failed_cases++;
    else printf("ok %s\n", name);
    fflush(stdout);
}

/* Answers whether it holds, for "if (!CHECK(x)) return;" where going on would crash. */
#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
/* The address sanitizer's allocator may stay locked in the forked child of a program with threads: such a case is for the other builds. */
#ifdef __SANITIZE_ADDRESS__
#define MAY_FORK 0
#else
#define MAY_FORK 1
#endif

#define RUN(body) check_run(#body, body)
#define CHECK_RESULT (check_failed_cases > 0 ? 1 : 0)

#endif
