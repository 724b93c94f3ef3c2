"""The C and C++ blocks of the documents, compiled and run as a reader would.

A block with a main is a program. The others of a page are one program together, in their order, with what they include at its top.
"""

import os
import re
import subprocess

from programs import fresh_folder, run
from toolchain import OUT, TOP, Compiler

PAGES = ("README.md", os.path.join("docs", "sdk-c.md"))
ENDINGS = {"c": ".c", "cpp": ".cpp"}
INCLUDES = {"c": "#include <klock.h>\n#include <stdio.h>\n", "cpp": "#include <klock.hpp>\n"}


def documents(report):
    for page in PAGES:
        with open(os.path.join(TOP, page), encoding="utf-8") as file:
            text = file.read()
        for language in ENDINGS:
            for number, source in enumerate(_programs(text, language)):
                _try(report, "%s_%s_%d" % (os.path.basename(page), language, number), language, source)


def _programs(text, language):
    blocks = re.findall(r"^```%s\n(.*?)^```" % language, text, re.MULTILINE | re.DOTALL)
    whole = [block for block in blocks if "int main(" in block]
    parts = "".join(block for block in blocks if "int main(" not in block)
    if parts:
        lines = parts.splitlines(keepends=True)
        top = "".join(line for line in lines if line.startswith(("#include", "using ")))
        body = "".join(line for line in lines if not line.startswith(("#include", "using ")))
        whole.append("%s%sint main(void) {\n%sreturn 0;\n}\n" % (INCLUDES[language], top, body))
    return whole


def _try(report, name, language, source):
    os.makedirs(OUT, exist_ok=True)
    path = os.path.join(OUT, name + ENDINGS[language])
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    program, said = Compiler("gcc", "gcc", "g++").compile(name, [path])
    if program is None:
        return report.failed("documents", name, said)
    folder = fresh_folder("document_" + name)
    subprocess.run(["git", "init", "--quiet", folder], check=True)  # the store of the repository is this one's own
    code, out, err = run([program], folder)
    if code == 0:
        report.passed("documents", name)
    else:
        report.failed("documents", name, "ended with %s\n%s%s" % (code, out, err))
