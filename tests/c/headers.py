"""Checks of the headers as text: they stand alone, and they name what the library exports."""

import os
import re
import subprocess

from toolchain import INCLUDE, LIBRARY, STRICT, first_there

DIALECTS = {".h": [("gcc", "c", "c99"), ("gcc", "c", "c17"), ("g++", "c++", "c++98"), ("g++", "c++", "c++20")],
            ".hpp": [("g++", "c++", "c++17"), ("g++", "c++", "c++20"), ("g++", "c++", "c++23")]}


def headers_stand_alone(report):
    """Each header, twice, with nothing before it, in every dialect it is meant for."""
    for header in sorted(os.listdir(INCLUDE)):
        for compiler, language, standard in DIALECTS[os.path.splitext(header)[1]]:
            text = '#include "%s"\n' % header * 2 + "int use_%s;\n" % standard[-2:]
            flags = STRICT if standard != "c++98" else [f for f in STRICT if f != "-pedantic"] + ["-Wno-long-long"]
            command = [compiler, "-x", language, "-std=" + standard, *flags, "-I" + INCLUDE, "-fsyntax-only", "-"]
            done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode == 0:
                report.passed("headers", "%s_%s" % (header, standard))
            else:
                report.failed("headers", "%s_%s" % (header, standard), done.stdout)


def headers_match_the_library(report):
    """What klock.h declares is what libklock.so exports: no more, no less."""
    if first_there("nm") is None:
        return report.skipped("headers", "exports", "no nm on this machine (Debian: binutils)")
    with open(os.path.join(INCLUDE, "klock.h"), encoding="utf-8") as file:
        declared = set(re.findall(r"^KLOCK_API [^;]*?\b(klock_\w+)\(", file.read(), re.MULTILINE))
    symbols = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True, stdout=subprocess.PIPE, text=True).stdout
    exported = {line.split()[-1].split("@")[0] for line in symbols.splitlines() if "klock" in line}
    if declared == exported and declared:
        report.passed("headers", "exports")
    else:
        report.failed("headers", "exports", "only declared: %s; only exported: %s" % (declared - exported, exported - declared))
