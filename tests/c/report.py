"""The results of the checks, and their JUnit XML."""

import time
import xml.etree.ElementTree as ET


class Report:
    """Collects one line per check and prints each as it comes. Not thread-safe."""

    def __init__(self):
        self._suite = ET.Element("testsuite", name="c")
        self._counts = {"passed": 0, "failure": 0, "skipped": 0}
        self._last = time.monotonic()

    def passed(self, group, name):
        self._add(group, name, "passed", "")

    def failed(self, group, name, why):
        self._add(group, name, "failure", why)

    def skipped(self, group, name, why):
        self._add(group, name, "skipped", why)

    @property
    def any_failed(self):
        return self._counts["failure"] > 0 or self._counts["passed"] == 0

    def summary(self):
        return "{passed} passed, {failure} failed, {skipped} skipped".format(**self._counts)

    def write(self, path):
        """Writes the XML; path may be None."""
        if path is None:
            return
        for attribute, outcome in (("failures", "failure"), ("skipped", "skipped")):
            self._suite.set(attribute, str(self._counts[outcome]))
        self._suite.set("tests", str(len(self._suite)))
        ET.ElementTree(self._suite).write(path, encoding="utf-8", xml_declaration=True)

    def _add(self, group, name, outcome, why):
        now = time.monotonic()
        case = ET.SubElement(self._suite, "testcase", classname="c." + group, name=name, time="%.3f" % (now - self._last))
        self._last = now
        self._counts[outcome] += 1
        if outcome != "passed":
            # XML cannot hold control characters, and what a program printed before it died may have some.
            text = "".join(c if c.isprintable() or c == "\n" else "?" for c in why)
            ET.SubElement(case, outcome, message=text.split("\n", 1)[0][:300]).text = text
        word = {"passed": "ok", "failure": "NOT OK", "skipped": "skip"}[outcome]
        print("%-6s %s.%s%s" % (word, group, name, "" if outcome == "passed" else ": " + why), flush=True)
