"""The list of all checks, in the order they run: the quick and basic ones first."""

import os

from documents import documents
from headers import headers_match_the_library, headers_stand_alone
from memory import WATCHED, address_sanitizer, valgrind
from packages import cmake_package, pkg_config_package
from programs import STORES, fresh_folder, run, run_cases
from toolchain import EXAMPLES, GCC, LIBRARY, Compiler, first_there

SQLITE = {"sqlite": STORES["sqlite"]}


def json_reader(report):
    program, said = GCC.compile("test_json", ["test_json.cpp"], link=False)
    if program is None:
        return report.failed("json", "compile", said)
    run_cases(report, "json", [program])


def promises(report):
    for test, sources in WATCHED.items():
        _on_each_store(report, test, sources, STORES)


def fork(report):
    _on_each_store(report, "fork", ["test_fork.c", "waiter.c", "support.c"], STORES)


def growth(report):
    """synchronous=normal: thousands of commits that need not wait for the disk."""
    _on_each_store(report, "growth", ["test_growth.c", "support.c"], {**STORES, "sqlite": STORES["sqlite"] + "?synchronous=normal"})


def names_of_any_depth(report):
    _on_each_store(report, "names", ["test_names.c", "support.c"], STORES)


def long_lists(report):
    _on_each_store(report, "klock_lists", ["test_klock_lists.cpp"], {"memory": STORES["memory"]})


def hammer(report):
    _on_each_store(report, "hammer", ["test_hammer.c", "witness.c", "support.c"], STORES)


def processes_that_come_and_go(report):
    _on_each_store(report, "visitors", ["test_visitors.c", "support.c"], SQLITE)


def kill_9(report):
    _on_each_store(report, "kill", ["test_kill.c", "support.c"], SQLITE)


def host_with_its_own_sqlite(report):
    """Both link orders: whoever comes first wins where symbols are mixed up."""
    if not os.path.exists("/usr/include/sqlite3.h"):
        return report.skipped("host_sqlite", "all", "no sqlite3.h (Debian: libsqlite3-dev)")
    sources = ["test_host_sqlite.c", "support.c"]
    _on_each_store(report, "host_sqlite", sources, STORES, ["-lsqlite3"])
    _on_each_store(report, "host_sqlite_first", ["-Wl,--no-as-needed", "-lsqlite3", *sources], STORES)


def loading_at_run_time(report):
    program, said = GCC.compile("test_load", ["test_load.c"], ["-ldl", "-pthread"], link=False)
    if program is None:
        return report.failed("load", "compile", said)
    run_cases(report, "load", [program, "memory", LIBRARY])


def samples(report):
    expected = ["libklock ", "ann: granted", "bob: DIE, because ", "ann: released", "bob: granted", "bob: released"]
    for sample in ("agents.c", "agents.cpp"):
        program, said = GCC.compile(sample.replace(".", "_"), [os.path.join(EXAMPLES, sample)])
        if program is None:
            report.failed("samples", sample, said)
            continue
        for store, storage in STORES.items():
            code, out, err = run([program, storage], fresh_folder("sample_" + store))
            lines = [line for line in out.splitlines() if not line.startswith("  ")]
            fine = code == 0 and len(lines) == len(expected) and all(a.startswith(b) for a, b in zip(lines, expected))
            if fine:
                report.passed("samples", "%s_%s" % (sample, store))
            else:
                report.failed("samples", "%s_%s" % (sample, store), "ended with %s\n%s%s" % (code, out, err))


def editor(report):
    """It shows who has the file, gets its turn after the agent's, and saves."""
    program, said = GCC.compile("editor", [os.path.join(EXAMPLES, "editor.c")])
    if program is None:
        return report.failed("samples", "editor.c", said)
    for store, storage in STORES.items():
        code, out, err = run([program, storage], fresh_folder("editor_" + store))
        lines = out.splitlines()
        ends_well = lines[:2] == ["[locked by agent: sorting the includes]", "[yours]"] and lines[-2:] == ["key 11", "[saved]"]
        if code == 0 and ends_well:
            report.passed("samples", "editor.c_" + store)
        else:
            report.failed("samples", "editor.c_" + store, "ended with %s\n%s%s" % (code, out, err))


def clang_agrees(report):
    """Another compiler reads the same headers; one run shows that what it makes works."""
    clang = first_there("clang", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14")
    if clang is None or first_there(clang.replace("clang", "clang++")) is None:
        return report.skipped("clang", "all", "no clang and clang++ on this machine (Debian: clang)")
    compiler = Compiler("clang", clang, clang.replace("clang", "clang++"))
    for test, sources in (("leases", ["test_leases.c", "support.c"]), ("klock", ["test_klock.cpp", "second_unit.cpp"])):
        program, said = compiler.compile("test_" + test, sources)
        if program is None:
            report.failed("clang_" + test, "compile", said)
        else:
            run_cases(report, "clang_" + test, [program, "memory"])


def _on_each_store(report, test, sources, stores, extra=()):
    program, said = GCC.compile("test_" + test, sources, extra)
    if program is None:
        return report.failed(test, "compile", said)
    for store, storage in stores.items():
        run_cases(report, "%s_%s" % (test, store), [program, storage])


ALL = [
    headers_stand_alone, headers_match_the_library, json_reader, promises, samples, editor, documents, pkg_config_package, cmake_package,
    clang_agrees, loading_at_run_time, host_with_its_own_sqlite, fork, growth,
    names_of_any_depth, long_lists, hammer, processes_that_come_and_go,
    kill_9, address_sanitizer, valgrind,
]
