#!/usr/bin/env python3
"""Schemathesis against a live server: no 5xx, no answer that openapi.json does not describe.

Usage: run.py [EXAMPLES]   (for each endpoint and credential; 15)
Every endpoint is asked with an access token, with an API key and with nothing, since each opens others.
ANCHORPOINT_BINARY: the program; default .build/debug/anchorpoint. Exits 1 where a check failed.
"""
import http.client, json, os, shutil, socket, subprocess, sys, tempfile, time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
binary = os.environ.get("ANCHORPOINT_BINARY", root + "/.build/debug/anchorpoint")
tool = root + "/.venv/bin/schemathesis"
examples = sys.argv[1] if len(sys.argv) > 1 else "15"
folder = tempfile.mkdtemp(prefix="anchorpoint-openapi-")
database = f"sqlite:{folder}/data.sqlite"
environment = dict(os.environ, ANCHORPOINT_REQUESTS_PER_SECOND="0", ANCHORPOINT_REQUESTS_PER_MINUTE="0")


def command(*arguments):
    return json.loads(subprocess.run([binary, *arguments, "--database", database, "--json"], capture_output=True,
                                     text=True, check=True, env=environment).stdout)


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
application = command("applications", "create", "--name", "openapi")
person = command("accounts", "create", "--client-id", application["client_id"], "--email", "guide@example.com")
command("calendars", "connect", "--account", person["sub"], "--provider", "native", "--url", "Trips")
log = open(f"{folder}/log", "w")
calendar = command("calendars", "list", "--account", person["sub"])["calendars"][0]["calendar_id"]
# What no generator can guess.
with open(f"{folder}/schemathesis.toml", "w") as config:
    config.write(f'[parameters]\n"path.calendar_id" = "{calendar}"\n"query.tzid" = "Etc/UTC"\n')
server = subprocess.Popen([binary, "serve", "--database", database, "--port", str(port)], stdout=log, stderr=log,
                          env=environment)
status = 0
try:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                break
        except OSError:
            time.sleep(0.1)
    for name, token in [("access token", person["access_token"]), ("API key", application["client_secret"]), ("nothing", None)]:
        print(f"-- with {name}", flush=True)
        arguments = [
            tool, "run", f"http://127.0.0.1:{port}/openapi.json", "--phases", "examples,coverage,fuzzing", "--max-examples", examples,
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            "--generation-database", "none", "--seed", "1", "--workers", "1", "--no-color",
            # Ends the access that the run stands on.
            "--exclude-path-regex", "revoke",
        ]
        if token:
            arguments += ["--header", f"Authorization: Bearer {token}"]
        status |= subprocess.run(arguments, env=environment, cwd=folder).returncode
    if server.poll() is not None:
        print("the server ended")
        status = 1
finally:
    server.terminate()
    server.wait(20)
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(1 if status else 0)
