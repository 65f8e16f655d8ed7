#!/usr/bin/env python3
"""Expands the same calendars by several programs and prints the table of docs/comparison.md.

Usage: run.py [--write]
Each program takes a window and files, and prints a line a file: its name, a tab, and the starts in UTC. With --write the
table in docs/comparison.md is replaced. A wrong answer of our own fails; of the others it stands in the table. Control: a case
whose expected answer is falsified must be seen as wrong. Needs libical-dev and gcc, beside what the tests need.
"""
import os, pathlib, resource, signal, subprocess, sys, tempfile

from cases import CASES

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("ANCHORPOINT_BUILD", ROOT / ".build/debug"))
PYTHON = str(ROOT / ".venv/bin/python")
LIBICAL = str(ROOT / ".build/comparison-libical")
PROGRAMS = {
    "Anchorpoint": [str(BUILD / "comparison")],
    "libical 3.0": [LIBICAL],
    "python-dateutil 2.9": [PYTHON, str(HERE / "dateutil_rules.py")],
    "recurring-ical-events 3.8": [PYTHON, str(HERE / "recurring.py")],
    "Foundation (Swift 6.3)": [str(BUILD / "comparison-foundation")],
}
PATIENCE = 5  # seconds of the processor for one case


def answer(program, case, folder):
    """The starts, or a word for what happened instead."""
    path = folder / f"{case.name}.ics"
    done = subprocess.run([*program, case.begin, case.end, str(path)], capture_output=True, text=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 1)))
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"no end in {PATIENCE} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["refused"])[-1][:60]
    return done.stdout.rstrip("\n").split("\t")[1].split()


def cell(case, found):
    """What the table says of an answer."""
    if isinstance(found, str):
        return found
    if case.name.startswith("never"):
        return "ends"
    if case.expected is not None and found == case.expected:
        return "right"
    if case.expected is None:
        return short(found)
    return "wrong: " + short(found)


def short(found):
    if not found:
        return "nothing"
    form = (lambda text: text[2:13]) if all("T" in start for start in found) else (lambda text: text[2:])
    return " ".join(form(start) for start in found[:4]) + (" …" if len(found) > 4 else "")


def table(answers):
    lines = ["| case | by the RFC | " + " | ".join(PROGRAMS) + " |", "|---|---|" + "---|" * len(PROGRAMS)]
    for case in CASES:
        expected = short(case.expected) if case.expected is not None else "open"
        cells = [cell(case, answers[name][case.name]) for name in PROGRAMS]
        lines.append(f"| {case.title} | {expected}: {case.why} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    if not os.path.exists(LIBICAL) or os.path.getmtime(LIBICAL) < (HERE / "libical.c").stat().st_mtime:
        subprocess.run(["cc", "-O1", "-std=gnu11", "-Wall", "-Wextra", "-o", LIBICAL, str(HERE / "libical.c"), "-lical"], check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case in CASES:
            lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Anchorpoint//Comparison//EN", *case.lines, "END:VCALENDAR", ""]
            (folder / f"{case.name}.ics").write_bytes("\r\n".join(lines).encode())
        answers = {name: {case.name: answer(program, case, folder) for case in CASES} for name, program in PROGRAMS.items()}
    failed = [case.name for case in CASES if cell(case, answers["Anchorpoint"][case.name]).startswith("wrong")
              or isinstance(answers["Anchorpoint"][case.name], str)]
    falsified = CASES[0]._replace(expected=CASES[0].expected[:-1])
    if not cell(falsified, answers["Anchorpoint"][falsified.name]).startswith("wrong"):
        failed.append("the control")
    found = table(answers)
    print(found)
    page = ROOT / "docs/comparison.md"
    text = page.read_text()
    head, rest = text.split("<!-- table -->\n", 1)
    old, tail = rest.split("<!-- end -->", 1)
    if "--write" in sys.argv:
        page.write_text(head + "<!-- table -->\n" + found + "\n<!-- end -->" + tail)
    elif old.strip() != found:
        print("docs/comparison.md says otherwise: run compat/comparison/run.py --write", file=sys.stderr)
    if failed:
        raise SystemExit("failed: " + ", ".join(failed))


main()
