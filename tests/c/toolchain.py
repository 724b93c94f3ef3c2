"""Where things are, and how the tests are compiled against dist/ just as a user would."""

import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
INCLUDE = os.path.join(TOP, "dist", "include")
LIB = os.path.join(TOP, "dist", "lib")
LIBRARY = os.path.join(LIB, "libklock.so")
EXAMPLES = os.path.join(TOP, "examples", "c")
OUT = os.path.join(TOP, "artifacts", "c-tests")

STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-g"]
LANGUAGE = {".c": ["-std=c99", "-Wstrict-prototypes"], ".cpp": ["-std=c++17", "-Wshadow"]}


def first_there(*programs):
    """The first of these programs that is on PATH, or None."""
    return next((program for program in programs if shutil.which(program)), None)


class Compiler:
    """One C and C++ compiler with its flags; what it makes goes to its own folder under artifacts/c-tests."""

    def __init__(self, name, cc, cxx, flags=()):
        self.name, self._cc, self._cxx, self._flags = name, cc, cxx, list(flags)
        self.folder = os.path.join(OUT, name)
        self._made = {}

    def command(self, output, sources, extra=(), link=True):
        ending = ".cpp" if any(source.endswith(".cpp") for source in sources) else ".c"
        compiler = self._cxx if ending == ".cpp" else self._cc
        # The library is found from where the program stands: no environment, and the checkout may be moved.
        origin = "-Wl,-rpath,$ORIGIN/" + os.path.relpath(LIB, self.folder)
        library = ["-L" + LIB, "-lklock", origin, "-pthread", "-ldl"] if link else []
        return [compiler, *LANGUAGE[ending], *STRICT, *self._flags, "-I" + INCLUDE, "-I" + HERE, *sources, "-o", output, *library, *extra]

    def compile(self, program, sources, extra=(), link=True):
        """Makes the program, unless it did so before, and answers (its path, ""), or (None, what the compiler said)."""
        os.makedirs(self.folder, exist_ok=True)
        output = os.path.join(self.folder, program)
        files = [os.path.join(HERE, source) if source.endswith((".c", ".cpp")) else source for source in sources]
        command = self.command(output, files, extra, link)
        if self._made.get(output) == command:
            return output, ""
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode != 0:
            return None, " ".join(command) + "\n" + done.stdout
        self._made[output] = command
        return output, ""


GCC = Compiler("gcc", "gcc", "g++")
