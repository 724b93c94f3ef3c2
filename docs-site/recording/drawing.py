"""Draws what a terminal showed as an SVG whose lines appear one after the other."""

import re
from html import escape

WIDTH, HEIGHT, LEFT, TOP = 8.43, 20, 22, 62  # of a character, of a line, and where the first one is
COLOURS = {"1": ("#f2fffb", True), "33": ("#ffc46b", False), "90": ("#8aa59e", False), "0": ("#cfe3dd", False)}
PEOPLE = {"ann": "#5ee6c4", "bob": "#9db8ff"}
STEP_S = 0.8

STYLE = """
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }
  .scene { opacity: 0; animation: show .25s forwards }
  @keyframes show { to { opacity: 1 } }
  @media (prefers-reduced-motion: reduce) { .scene { opacity: 1; animation: none } }
"""


def draw(scenes, columns):
    """The picture of the scenes: who typed, what was typed, what was shown."""
    body, row, delay = [], 0, 0.4
    for who, typed, shown in scenes:
        lines = []
        if typed:
            lines.append([(PEOPLE[who], True, f"{who}$ "), ("#f2fffb", False, typed)])
            body.append(_scene(lines, row, delay))
            row, delay, lines = row + 1, delay + STEP_S, []
        elif shown:
            lines.append([(PEOPLE[who], True, f"{who}  "), ("#8aa59e", False, "(waited, and now has it)")])
        lines += [part for line in shown.expandtabs().rstrip("\n").split("\n") if shown for part in _wrapped(_styled(line), columns)]
        if lines:
            body.append(_scene(lines, row, delay))
            row, delay = row + len(lines), delay + STEP_S
    width, height = round(columns * WIDTH + 2 * LEFT), row * HEIGHT + TOP + 14
    said = "; ".join(f"{who} types: {typed}" for who, typed, _ in scenes if typed)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">\n'
        f"<title>Two agents and one file in a terminal</title>\n<desc>{escape(said)}</desc>\n<style>{STYLE}</style>\n"
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="12" fill="#0f1f1c" stroke="#2c5a50"/>\n'
        '<g fill="#2c5a50"><circle cx="24" cy="22" r="6"/><circle cx="44" cy="22" r="6"/><circle cx="64" cy="22" r="6"/></g>\n'
        + "".join(body) + "</svg>\n"
    )


def _scene(lines, row, delay):
    drawn = "".join(_line(line, row + number) for number, line in enumerate(lines))
    return f'<g class="scene" style="animation-delay:{delay:.1f}s">\n{drawn}</g>\n'


def _line(parts, row):
    spans, at = "", 0
    for colour, bold, text in parts:
        weight = ' font-weight="700"' if bold else ""
        if text.strip():
            x, length = LEFT + at * WIDTH, len(text) * WIDTH
            spans += f'<tspan x="{x:.1f}" textLength="{length:.1f}" fill="{colour}"{weight}>{escape(text, quote=False)}</tspan>'
        at += len(text)
    return f'<text y="{TOP + row * HEIGHT}" xml:space="preserve">{spans}</text>\n' if spans else ""


def _styled(line):
    """The parts of a line, each with its colour and weight."""
    parts, style = [], COLOURS["0"]
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", piece)
        if code:
            style = COLOURS.get(code.group(1), COLOURS["0"])
        elif piece:
            parts.append((*style, piece))
    return parts


def _wrapped(parts, columns):
    """The lines that a terminal of that width makes of one."""
    lines, room = [[]], columns
    for colour, bold, text in parts:
        while len(text) > room:
            lines[-1].append((colour, bold, text[:room]))
            lines.append([])
            text, room = text[room:], columns
        lines[-1].append((colour, bold, text))
        room -= len(text)
    return lines
