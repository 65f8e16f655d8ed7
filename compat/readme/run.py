"""Does what README.md says under 'Ten minutes of first use', as it stands there, against a live server: the shell block,
then the Python script, and after it the same in Swift (Examples/FirstSlots). Only the address and the path of the
program are put in place."""

import os
import re
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BINARY = os.environ.get("ANCHORPOINT_BINARY", os.path.join(ROOT, ".build", "debug", "anchorpoint"))


def blocks(language):
    text = open(os.path.join(ROOT, "README.md"), encoding="utf-8").read()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def main():
    (shell,), (script,) = blocks("sh"), blocks("python")
    passed = failed = 0

    def check(name, holds, detail=""):
        nonlocal passed, failed
        passed, failed = passed + bool(holds), failed + (not holds)
        print(("ok   " if holds else "FAIL ") + name, detail if not holds else "", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"ANCHORPOINT_DATABASE": f"sqlite:{folder}/anchorpoint.sqlite", "HOME": folder}
        server = subprocess.Popen(
            [BINARY, "serve", "--port", "0", "--sample"], env=environment, cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            address = None
            for line in server.stdout:
                found = re.search(r"http://127\.0\.0\.1:\d+", line)
                if found:
                    address = found.group()
                    break
            check("the server says where it is", address)
            assert shell.count(".build/release/anchorpoint") == 1 and script.count("http://127.0.0.1:8080") == 1
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", shell.replace(".build/release/anchorpoint", BINARY)],
                env=environment, cwd=folder, text=True, capture_output=True, timeout=60)
            check("the shell block runs", done.returncode == 0, done.stderr)
            check("it lists free time", "2031-04-05" in done.stdout, done.stdout)
            with open(f"{folder}/slots.py", "w", encoding="utf-8") as file:
                file.write(script.replace("http://127.0.0.1:8080", address or ""))
            done = subprocess.run(
                [sys.executable, "slots.py"], env=environment, cwd=folder, text=True, capture_output=True, timeout=60)
            check("the script runs", done.returncode == 0, done.stderr)
            lines = done.stdout.splitlines()
            check("it prints seven free hours", len(lines) == 7, done.stdout)
            busy = ("T10:", "T11:")
            check("none of them within the event", lines and not any(
                any(hour in line.split(" to ")[0] for hour in busy) for line in lines), done.stdout)
            swift = os.path.join(ROOT, ".build-examples", "FirstSlots", "debug", "FirstSlots")
            again = subprocess.run(
                [swift, address or ""], env=environment, cwd=folder, text=True, capture_output=True, timeout=60)
            check("Swift's client prints the same", again.stdout == done.stdout
                  + "of ours: Scouting the north ridge\n", again.stdout + again.stderr)
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=20)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
