"""What the compat tests share: a live server, people with calendars, and the words of the tests."""

import datetime
import json
import os
import socket
import subprocess
import tempfile
import time

import pycronofy
import requests
from pycronofy import settings
from pycronofy.exceptions import PyCronofyRequestError

BINARY = os.environ["ANCHORPOINT_BINARY"]
ZONE = "Europe/Paris"
DAY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=7)).replace(
    hour=0, minute=0, second=0, microsecond=0)
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def at(hour, minute=0, days=0):
    return (DAY + datetime.timedelta(days=days, hours=hour, minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Server:
    """A server on a free port with one application, and people with a calendar that lives here."""

    def __init__(self, database, *options, log=subprocess.PIPE):
        self.database = database
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), "--database", database, "--empty", *options],
            stdout=subprocess.DEVNULL, stderr=log,
            env=dict(os.environ, ANCHORPOINT_REQUESTS_PER_SECOND="0", ANCHORPOINT_REQUESTS_PER_MINUTE="0"))
        for _ in range(200):
            try:
                requests.get(self.base + "/v1/account", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        settings.API_BASE_URL = settings.APP_BASE_URL = self.base
        application = self.command("applications", "create", "--name", "Compat")
        self.client_id, self.secret = application["client_id"], application["client_secret"]

    def command(self, *arguments):
        done = subprocess.run([BINARY, *arguments, "--database", self.database, "--json"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def person(self, email, scope=None, calendar=True):
        extra = ["--scope", scope] if scope else []
        person = self.command("accounts", "create", "--client-id", self.client_id, "--email", email,
                              "--time-zone", ZONE, *extra)
        if calendar:
            self.command("calendars", "connect", "--account", person["sub"], "--provider", "native", "--url", "Work")
        person["client"] = pycronofy.Client(
            client_id=self.client_id, client_secret=self.secret, access_token=person["access_token"])
        return person

    def import_calendar(self, person, text):
        """A calendar that lives here, with these events, which no application manages."""
        with tempfile.NamedTemporaryFile("w", suffix=".ics", newline="") as file:
            file.write(text)
            file.flush()
            self.command("calendars", "import", "--account", person["sub"], file.name)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class World:
    def __init__(self, server):
        self.server = server
        self.ada = server.person("ada@example.com")
        self.bea = server.person("bea@example.com")
        self.sdk = self.ada["client"]
        self.calendar = self.sdk.list_calendars()[0]["calendar_id"]

    def call(self, method, path, token=None, **options):
        headers = options.pop("headers", {})
        headers.setdefault("Authorization", "Bearer " + (token or self.ada["access_token"]))
        return requests.request(method, self.server.base + path, headers=headers, timeout=10, **options)

    def event(self, event_id, start, end, **more):
        return {"event_id": event_id, "summary": event_id, "description": "", "start": start, "end": end,
                "tzid": ZONE, **more}

    def group(self, *people, required="all"):
        return {"required": required, "members": [{"sub": person["sub"]} for person in people]}

    def question(self, **more):
        question = {"participants": [self.group(self.ada)], "required_duration": {"minutes": 60},
                    "query_periods": [{"start": at(8, days=60), "end": at(18, days=60)}]}
        question.update(more)
        return {name: value for name, value in question.items() if value is not None}


def equal(found, wanted):
    assert found == wanted, f"{found!r} instead of {wanted!r}"


def refused(call, status):
    try:
        call()
    except PyCronofyRequestError as error:
        equal(error.response.status_code, status)
        return error.response
    raise AssertionError("it was not refused")
