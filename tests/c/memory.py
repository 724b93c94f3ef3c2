"""The tests again, watched by the address sanitizer and by valgrind. What each can see of libklock, tried:

valgrind sees everything, and knows exactly which answers were never freed: it also looks for pointers in the .NET heap.
The address sanitizer sees every misuse of an answer, and leaks of the caller. Leaks inside libklock it has to leave to
valgrind: the runtime keeps pointers in memory that it does not search, so that its own structures look lost.
The thread sanitizer is of no use: libklock's code is not instrumented, so it sees none of its locks.
"""

import os

from programs import STORES, fresh_folder, run, run_cases
from toolchain import GCC, HERE, Compiler, first_there

WATCHED = {
    "open": ["test_open.c", "support.c"],
    "leases": ["test_leases.c", "support.c"],
    "refusals": ["test_refusals.c", "support.c"],
    "abuse": ["test_abuse.c", "support.c"],
    "waits": ["test_waits.c", "waiter.c", "support.c"],
    "tickets": ["test_tickets.c", "waiter.c", "support.c"],
    "changes": ["test_changes.c", "waiter.c", "support.c"],
    "together": ["test_together.c", "waiter.c", "support.c"],
    "paths": ["test_paths.c", "support.c"],
    "klock": ["test_klock.cpp", "second_unit.cpp"],
    "klock_waits": ["test_klock_waits.cpp"],
    "guard": ["test_guard.cpp"],
}
CARELESS = ["careless.c", "support.c"]
FOUND = 97
ASAN = {"ASAN_OPTIONS": "exitcode=%d" % FOUND, "LSAN_OPTIONS": "print_suppressions=0:suppressions=" + os.path.join(HERE, "lsan.supp"),
        "UBSAN_OPTIONS": "print_stacktrace=1"}
VALGRIND = ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
            "--error-exitcode=%d" % FOUND]


def address_sanitizer(report):
    compiler = Compiler("asan", "gcc", "g++", ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"])
    careless, said = compiler.compile("careless", CARELESS)
    if careless is None and "asan" in said:
        return report.skipped("asan", "all", "the compiler has no address sanitizer here")
    _watch(report, "asan", compiler, [], ["late"], ASAN)


def valgrind(report):
    if first_there("valgrind") is None:
        return report.skipped("valgrind", "all", "no valgrind on this machine (Debian: valgrind)")
    _watch(report, "valgrind", GCC, VALGRIND, ["late", "leak"], {})


def _watch(report, tool, compiler, prefix, faults, environment):
    """First that the tool finds the faults of careless.c, then that it finds none in the tests."""
    for name, sources in {"careless": CARELESS, **WATCHED}.items():
        program, said = compiler.compile(name if name == "careless" else "test_" + name, sources)
        if program is None:
            report.failed(tool, "compile_" + name, said)
        elif name == "careless":
            for fault in faults:
                _must_be_found(report, tool, prefix + [program, fault], environment)
        else:
            for store, storage in STORES.items():
                run_cases(report, "%s_%s_%s" % (tool, name, store), prefix + [program, storage], **environment)


def _must_be_found(report, tool, command, environment):
    name = "it_finds_" + command[-1]
    code, out, err = run(command, fresh_folder(tool + "_careless"), **environment)
    if code == FOUND:
        report.passed(tool, name)
    else:
        report.failed(tool, name, "ended with %s and reported nothing\n%s%s" % (code, out, err))
