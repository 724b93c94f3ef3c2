#!/usr/bin/env python3
"""Compiles the C and C++ tests and samples against dist/ and runs them.

usage: run.py [--junit FILE] [--only WORD]

Needs ./build.sh to have made dist/ and a C and C++ compiler. What else is missing is skipped and counted. Ends with 0 when
nothing failed.
"""

import argparse
import os
import shutil
import sys

sys.dont_write_bytecode = True

import checks
from report import Report
from toolchain import HERE, INCLUDE, LIBRARY, OUT


def main():
    parser = argparse.ArgumentParser(description="Tests of klock.h, klock.hpp and their samples.")
    parser.add_argument("--junit", metavar="FILE", help="write a JUnit XML report there")
    parser.add_argument("--only", metavar="WORD", default="", help="only the checks whose function name holds WORD")
    arguments = parser.parse_args()
    junit = os.path.abspath(arguments.junit) if arguments.junit else None

    report = Report()
    missing = [path for path in (LIBRARY, os.path.join(INCLUDE, "klock.h")) if not os.path.exists(path)]
    if missing:
        report.failed("setup", "dist", "run ./build.sh first: there is no " + ", ".join(os.path.relpath(p, HERE) for p in missing))
    else:
        shutil.rmtree(OUT, ignore_errors=True)
        for check in checks.ALL:
            if arguments.only in check.__name__:
                check(report)
    report.write(junit)
    print(report.summary())
    return 1 if report.any_failed else 0


if __name__ == "__main__":
    sys.exit(main())
