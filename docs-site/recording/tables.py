"""Tables as klock shows them on a terminal, with ids, numbers and times that are the same in each run."""

import re

SGR = re.compile(r"\x1b\[[0-9;]*m")
LEASE_ID = re.compile(r"(?<![0-9a-z])[0-9a-f]{8}(?:[0-9a-f]{24})?(?![0-9a-z])|(?<=\dm)[0-9a-f]{8}(?![0-9a-z])")
TOKEN = re.compile(r"(?<!\d)\d{16}(?!\d)")
TIME = re.compile(r"\d+(\.\d+)?m?s")
IDS = ("7c1f03ae", "b20e94d1", "5aa81c3f")
STEADY = {"FOR": "2s", "LEFT": "58s", "AGO": "2s", "GIVES UP": "29s"}


def steady_tables(text):
    """The text with its tables laid out anew."""
    lines, output, at = text.split("\n"), [], 0
    while at < len(lines):
        end = at
        if SGR.sub("", lines[at]).startswith("LEASE ") or SGR.sub("", lines[at]).startswith("STATE "):
            while end < len(lines) and "  " in SGR.sub("", lines[end]):
                end += 1
            output += laid_out(lines[at:end])
        else:
            end = at + 1
            output.append(lines[at])
        at = end
    return "\n".join(output)


def laid_out(lines):
    """The table with steady times, each column as wide as it must be."""
    starts = [match.start() for match in re.finditer(r"\S+(?: \S+)*", SGR.sub("", lines[0]))]
    rows = [_cells(line, starts) for line in lines]
    names = [SGR.sub("", cell) for cell in rows[0]]
    for row in rows[1:]:
        for column, name in enumerate(names):
            if name in STEADY:
                row[column] = TIME.sub(STEADY[name], row[column])
    widths = [max(len(SGR.sub("", row[column])) for row in rows) for column in range(len(names))]
    return ["  ".join(cell + " " * (width - len(SGR.sub("", cell))) for cell, width in zip(row, widths)).rstrip() for row in rows]


def _cells(line, starts):
    cells, column, style, seen = [""] * len(starts), -1, "", 0
    for part in re.findall(r"\x1b\[[0-9;]*m|.", line):
        if SGR.fullmatch(part):
            style += part
            if part == "\x1b[0m":
                cells[column] += part if "\x1b" in cells[column] else ""
                style = ""
            continue
        if column + 1 < len(starts) and seen == starts[column + 1]:
            column += 1
        cells[column] += style + part
        style, seen = "", seen + 1
    return [_stripped(cell) for cell in cells]


def _stripped(cell):
    ends = "\x1b[0m" if cell.endswith("\x1b[0m") or "\x1b[0m" in cell else ""
    return SGR.sub(lambda match: "" if match.group() == "\x1b[0m" else match.group(), cell).strip() + ends


class Numbers:
    """Replaces lease ids and tokens, by the order in which they come."""

    def __init__(self):
        self._ids, self._tokens = {}, {}

    def replace(self, text):
        """The text with those of the recording."""
        text = LEASE_ID.sub(lambda match: self._ids.setdefault(match.group()[:8], IDS[len(self._ids)]), text)
        return TOKEN.sub(lambda match: self._tokens.setdefault(match.group(), f"17959000000000{len(self._tokens) + 1:02}"), text)
