"""Which endpoints of Cronofy's API answer, as the compat run saw it: the table in README.md.

Every request of the run is noted. An endpoint that no test asked with success, and that the server does not say is absent,
fails the run: nobody can claim it. `partial` carries how, from NOTES; README must hold the table as it comes out."""

import os
import re

import requests

# Method, path, and what of it is not as hosted Cronofy has it.
ENDPOINTS = [
    ("GET", "/oauth/authorize", ""),
    ("GET", "/enterprise_connect/oauth/authorize", "CalDAV domains; Exchange and Google domains are absent"),
    ("POST", "/oauth/token", ""),
    ("POST", "/oauth/token/revoke", ""),
    ("POST", "/v1/profiles/{id}/revoke", ""),
    ("POST", "/v1/link_tokens", ""),
    ("POST", "/v1/permissions", ""),
    ("GET", "/v1/userinfo", "`conferencing_profiles` is always empty"),
    ("GET", "/v1/account", ""),
    ("GET", "/v1/profiles", ""),
    ("POST", "/v1/element_tokens", "tokens are made; the elements that use them are absent"),
    ("POST", "/v1/application_verification", "an operator decides, by page or command"),
    ("POST", "/v1/applications", ""),
    ("GET", "/v1/calendars", ""),
    ("POST", "/v1/calendars", ""),
    ("POST", "/v1/application_calendars", ""),
    ("GET", "/v1/events", "`google_event_ids` has no effect"),
    ("GET", "/v1/events/pages/{id}", ""),
    ("GET", "/v1/free_busy", ""),
    ("GET", "/v1/free_busy/pages/{id}", ""),
    ("POST", "/v1/calendars/{id}/events",
     "`subscriptions` and `conferencing` by a service are refused; `tags`, `event_classes`, `locale` have no effect"),
    ("DELETE", "/v1/calendars/{id}/events", ""),
    ("DELETE", "/v1/events", ""),
    ("POST", "/v1/calendars/{id}/events/{id}/participation_status", ""),
    ("POST", "/v1/batch", ""),
    ("POST", "/v1/attachments", "`subscriptions` are refused: nothing is approved or rejected"),
    ("POST", "/v1/channels", "`conferencing_profile_disconnected` never comes: there are no conferencing services"),
    ("GET", "/v1/channels", ""),
    ("DELETE", "/v1/channels/{id}", ""),
    ("POST", "/v1/availability", ""),
    ("POST", "/v1/sequenced_availability", ""),
    ("POST", "/v1/available_periods", ""),
    ("GET", "/v1/available_periods", ""),
    ("GET", "/v1/available_periods/pages/{id}", ""),
    ("DELETE", "/v1/available_periods", ""),
    ("POST", "/v1/availability_rules", ""),
    ("GET", "/v1/availability_rules", ""),
    ("GET", "/v1/availability_rules/{id}", ""),
    ("DELETE", "/v1/availability_rules/{id}", ""),
    ("POST", "/v1/service_account_authorizations", "CalDAV domains"),
    ("GET", "/v1/resources", "CalDAV domains whose server names its rooms; no capacity or building"),
    ("GET", "/v1/accessible_calendars", "CalDAV accounts whose server names its people"),
    ("POST", "/v1/delegated_authorizations", "CalDAV accounts whose server names its people"),
    ("POST", "/v1/smart_invites", ""),
    ("GET", "/v1/smart_invites", ""),
    ("POST", "/v1/real_time_scheduling", ""),
    ("GET", "/v1/real_time_scheduling", ""),
    ("GET", "/v1/real_time_scheduling/{id}", ""),
    ("POST", "/v1/real_time_scheduling/{id}/disable", ""),
    ("POST", "/v1/real_time_sequencing", ""),
    ("POST", "/v1/add_to_calendar", ""),
    ("POST", "/v1/conferencing_service_authorizations", ""),
    ("POST", "/v1/bookable_events", ""),
    ("GET", "/v1/bookable_events/{id}", ""),
    ("POST", "/v1/bookable_events/{id}/registrations", ""),
    ("DELETE", "/v1/bookable_events/{id}/registrations/{id}", ""),
    ("GET", "/v1/bookable_events/{id}/registrations/pages/{id}", ""),
    ("POST", "/v1/scheduling_conversations", ""),
    ("GET", "/v1/scheduling_conversations", ""),
    ("GET", "/v1/scheduling_conversations/{id}", ""),
    ("POST", "/v1/scheduling_requests", ""),
    ("POST", "/v1/scheduling_requests/query", ""),
    ("GET", "/v1/organizational_unit_resources", ""),
]
BEGIN, END = "<!-- coverage: compat/pycronofy/run.py --write-coverage -->\n", "<!-- end of coverage -->\n"
README = os.path.join(os.path.dirname(__file__), "..", "..", "README.md")
PATTERNS = [(method, path, re.compile(re.sub(r"\{id\}", "[^/?]+", path) + "/?$")) for method, path, _ in ENDPOINTS]
seen = set()


def saw(method, path, status):
    if not 200 <= status < 400:
        return
    for wanted, name, pattern in sorted(PATTERNS, key=lambda row: row[1].count("{id}")):
        if method == wanted and pattern.match(path):
            seen.add((method, name))
            return


def watch():
    """Notes every request that goes out from now on."""
    send = requests.Session.send

    def noting(session, request, **options):
        answer = send(session, request, **options)
        saw(request.method, requests.compat.urlsplit(request.url).path, answer.status_code)
        return answer
    requests.Session.send = noting


def is_absent(server, method, path):
    answer = requests.request(method, server.base + path.replace("{id}", "x"), timeout=10,
                              headers={"Authorization": "Bearer " + server.secret})
    try:
        return answer.status_code == 404 and answer.json()["error_description"] == "there is no such endpoint"
    except (ValueError, KeyError):
        return False


def table(server):
    """The table, and the endpoints that stand in doubt."""
    lines, doubtful = ["| endpoint | state | how |", "|---|---|---|"], []
    for method, path, note in ENDPOINTS:
        if (method, path) in seen:
            state = "partial" if note else "works"
        elif is_absent(server, method, path):
            state, note = "absent", ""
        else:
            doubtful.append(f"{method} {path}")
            continue
        lines.append(f"| `{method} {path}` | {state} | {note} |")
    return "\n".join(lines) + "\n", doubtful


def check(text, write):
    """Whether README holds the table; puts it there where asked."""
    with open(README) as file:
        readme = file.read()
    head, rest = readme.split(BEGIN)
    old, tail = rest.split(END)
    if old == text:
        return True
    if write:
        with open(README, "w") as file:
            file.write(head + BEGIN + text + END + tail)
    return write
