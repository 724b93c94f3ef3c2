"""The pkg-config and CMake files, used as a stranger would: from a folder that has been put somewhere else."""

import os
import re
import shutil
import subprocess

from programs import fresh_folder, run
from toolchain import EXAMPLES, HERE, INCLUDE, LIB, first_there


def _copy():
    """What ./build.sh made, put somewhere else by hand. Answers its top."""
    top = fresh_folder("prefix")
    shutil.copytree(INCLUDE, os.path.join(top, "include"))
    shutil.copytree(LIB, os.path.join(top, "lib"), symlinks=True)
    return top


def pkg_config_package(report):
    tool = first_there("pkg-config", "pkgconf")
    if tool is None:
        return report.skipped("packages", "pkg_config", "no pkg-config on this machine (Debian: pkg-config)")
    top = _copy()
    environment = dict(os.environ, PKG_CONFIG_PATH=os.path.join(top, "lib", "pkgconfig"))

    def ask(*question):
        return subprocess.run([tool, *question, "klock"], env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.split()

    for compiler, sample in (("gcc", "agents.c"), ("g++", "agents.cpp")):
        program = os.path.join(top, sample.replace(".", "_"))
        sources = [os.path.join(EXAMPLES, sample), "-o", program, "-pthread"]
        command = [compiler, *ask("--cflags"), *sources, *ask("--libs"), "-Wl,-rpath," + ask("--variable=libdir")[0]]
        _build_and_run(report, "pkg_config_" + sample, [command], program)


def cmake_package(report):
    if first_there("cmake") is None:
        return report.skipped("packages", "cmake", "no cmake on this machine (Debian: cmake)")
    top = fresh_folder("installed")
    build = os.path.join(top, "build")
    steps = [
        ["cmake", "--install", os.path.dirname(LIB), "--prefix", top],
        ["cmake", "-S", os.path.join(HERE, "cmake_user"), "-B", build, "-DCMAKE_PREFIX_PATH=" + top, "-DKLOCK_EXAMPLES=" + EXAMPLES],
        ["cmake", "--build", build],
    ]
    _build_and_run(report, "cmake_agents.cpp", steps, os.path.join(build, "agents"))
    _build_and_run(report, "cmake_agents.c", [], os.path.join(build, "agents_c"))
    _check_soname(report, os.path.join(top, "lib"), os.path.join(build, "agents"))
    page = os.path.join(top, "share", "man", "man1", "klock.1")
    if os.path.getsize(page) > 1000:
        report.passed("packages", "cmake_manual")
    else:
        report.failed("packages", "cmake_manual", "the manual page is empty")
    for program in ("klock", "klock-server"):
        code, out, err = run([os.path.join(top, "bin", program), "--help"], fresh_folder("installed_" + program))
        if code == 0:
            report.passed("packages", "cmake_" + program)
        else:
            report.failed("packages", "cmake_" + program, "ended with %s\n%s%s" % (code, out, err))


def _check_soname(report, lib, program):
    """The installed file has the name that a program was linked for, with the ABI's version; the linker's name leads to it."""
    said = subprocess.run(["readelf", "-d", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    needed = re.findall(r"\[(libklock[^]]*)\]", said)
    link, file = os.path.join(lib, "libklock.so"), os.path.join(lib, "libklock.so.%d" % _abi_version())
    if needed == [os.path.basename(file)] == [os.readlink(link)] and not os.path.islink(file):
        report.passed("packages", "cmake_soname")
    else:
        report.failed("packages", "cmake_soname", "needed: %s, installed: %s" % (needed, sorted(os.listdir(lib))))


def _abi_version():
    with open(os.path.join(INCLUDE, "klock.h"), encoding="utf-8") as header:
        return int(re.search(r"#define KLOCK_ABI_VERSION (\d+)", header.read()).group(1))


def _build_and_run(report, name, steps, program):
    for step in steps:
        done = subprocess.run(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            return report.failed("packages", name, " ".join(step) + "\n" + done.stdout)
    code, out, err = run([program], fresh_folder("packages_" + name))
    if code == 0 and "bob: released" in out:
        report.passed("packages", name)
    else:
        report.failed("packages", name, "ended with %s\n%s%s" % (code, out, err))
