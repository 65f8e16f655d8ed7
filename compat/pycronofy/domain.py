"""Enterprise Connect through Cronofy's SDK: an administrator links a domain in a browser, rooms are listed, people are
opened by callbacks. The domain's CalDAV server is a small one of our own that knows its people and rooms; people are
opened on a real Radicale by Tests/Server/APITests/DomainTests."""

import contextlib
import http.server
import json
import threading

import pycronofy
import requests

import coverage

PEOPLE = [("warden", "warden@example.com", "INDIVIDUAL"), ("anna", "anna@example.com", "INDIVIDUAL"),
          ("boat-3", "boat3@example.com", "RESOURCE"), ("hut", "hut@example.com", "ROOM")]


def answer(path):
    parts = [part for part in path.split("/") if part]

    def principal(name, mail, kind):
        return (f"<response><href>/p/{name}/</href><propstat><prop><displayname>{name}</displayname>"
                f"<C:calendar-home-set><href>/c/{name}/</href></C:calendar-home-set>"
                f"<principal-collection-set><href>/p/</href></principal-collection-set>"
                f"<C:calendar-user-type>{kind}</C:calendar-user-type><C:calendar-user-address-set>"
                f"<href>mailto:{mail}</href></C:calendar-user-address-set></prop>"
                f"<status>HTTP/1.1 200 OK</status></propstat></response>")
    if not parts:
        body = ("<response><href>/</href><propstat><prop><current-user-principal><href>/p/warden/</href>"
                "</current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response>")
    elif parts[0] == "p":
        body = "".join(principal(*person) for person in PEOPLE if len(parts) == 1 or person[0] == parts[1])
    elif parts[0] == "c":
        body = (f"<response><href>/c/{parts[1]}/trips/</href><propstat><prop><displayname>Trips of {parts[1]}</displayname>"
                "<resourcetype><collection/><C:calendar/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat>"
                "</response>")
    else:
        return None
    return f'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{body}</multistatus>' if body else None


@contextlib.contextmanager
def directory():
    """Gives the address of the domain's server, and what was posted to its `/callback`, with the signature."""
    posted = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PROPFIND(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = answer(self.path) if self.headers.get("Authorization") else None
            self.reply(401 if not self.headers.get("Authorization") else 207 if body else 404, (body or "").encode())

        def do_REPORT(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.reply(207, b'<multistatus xmlns="DAV:"/>')

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posted.append((self.headers["Cronofy-HMAC-SHA256"], body))
            self.reply(200, b"")

        def reply(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", posted
    finally:
        server.shutdown()


def add(test, equal, until):
    """Registers the tests that need the browser of the linking tests."""

    @test
    def authorize_with_service_account__authorize_multiple_accounts_via_service_account__resources(v):
        with directory() as (address, posted):
            page = v.browser.new_context(timezone_id="Europe/Paris").new_page()
            link = v.sdk.user_auth_link(v.redirect, scope=" ".join([
                "service_account/accounts/manage", "service_account/resources/manage"]))
            shown = page.goto(
                link.replace("/oauth/authorize", "/enterprise_connect/oauth/authorize") + "&delegated_scope=read_write")
            coverage.saw("GET", "/enterprise_connect/oauth/authorize", shown.status)
            for label, value in [("Mail domain", "example.com"), ("Address of the CalDAV server", address),
                                 ("Administrator’s user name", "warden"), ("Administrator’s password", "secret"),
                                 ("Time zone of the domain", "Europe/Paris")]:
                page.get_by_label(label).fill(value)
            page.get_by_role("button", name="Connect and allow").click()
            admin = v.client()
            admin.get_authorization_from_code(v.back()["code"], redirect_uri=v.redirect)
            page.context.close()
            equal(admin.userinfo()["cronofy.type"], "service_account")
            equal({room["email"] for room in admin.resources()}, {"boat3@example.com", "hut@example.com"})
            admin.authorize_with_service_account("anna@example.com", "read_write", address + "callback", "one")
            admin.authorize_multiple_accounts_via_service_account([
                {"email": email, "callback_url": address + "callback", "scope": "read_events", "state": email}
                for email in ["hut@example.com", "nobody@example.com"]])
            until(lambda: len(posted) >= 3)
            answers = {}
            for header, body in posted:
                assert admin.hmac_valid(header, body)
                authorization = json.loads(body)["authorization"]
                answers[authorization["state"]] = authorization
            equal(answers["nobody@example.com"]["error_key"], "errors.unknown_account")
            person = v.client()
            person.get_authorization_from_code(answers["one"]["code"], redirect_uri=address + "callback")
            equal([c["calendar_name"] for c in person.list_calendars()], ["Trips of anna"])
            equal(person.elevated_permissions([{"calendar_id": person.list_calendars()[0]["calendar_id"],
                                                "permission_level": "unrestricted"}], v.redirect).get("accepted"), None)
            admin.revoke_authorization()

    @test
    def accessible_calendars_and_delegated_authorizations(v):
        """As PHP and Node call them."""
        with directory() as (address, posted):
            page = v.browser.new_context(timezone_id="Europe/Paris").new_page()
            page.goto(v.sdk.user_auth_link(v.redirect, scope="read_write") + "&delegated_scope=read_only")
            page.get_by_role("link", name="CalDAV account").click()
            for label, value in [("Address, domain or e-mail", address), ("User name", "warden"), ("Password", "secret")]:
                page.get_by_label(label).fill(value)
            page.get_by_role("button", name="Connect and allow").click()
            tokens = v.exchange(v.back()["code"])
            page.context.close()
            profile = tokens["linking_profile"]["profile_id"]

            def call(method, path, **options):
                return requests.request(method, v.server.base + path, timeout=10,
                                        headers={"Authorization": "Bearer " + tokens["access_token"]}, **options)
            listed = call("GET", f"/v1/accessible_calendars?profile_id={profile}").json()["accessible_calendars"]
            equal([(c["email"], c["calendar_type"]) for c in listed],
                  [("anna@example.com", "unknown"), ("boat3@example.com", "resource"), ("hut@example.com", "resource")])
            asked = call("POST", "/v1/delegated_authorizations", json={
                "profile_id": profile, "email": "hut@example.com", "callback_url": address + "callback",
                "scope": "read_events", "state": "hut"})
            equal((asked.status_code, asked.content), (202, b""))
            until(lambda: posted)
            room = v.client()
            room.get_authorization_from_code(json.loads(posted[0][1])["authorization"]["code"],
                                             redirect_uri=address + "callback")
            equal([c["calendar_name"] for c in room.list_calendars()], ["Trips of hut"])

    @test
    def link_tokens_verification_and_applications(v):
        """As Ruby, PHP and C# call them."""
        def call(path, token, **options):
            return requests.post(v.server.base + path, timeout=10, headers={"Authorization": "Bearer " + token}, **options)
        fresh = v.exchange(v.link_caldav()["code"])
        token = call("/v1/link_tokens", fresh["access_token"], data="[]").json()["link_token"]
        stranger = v.browser.new_context(timezone_id="Europe/Paris").new_page()
        stranger.goto(v.sdk.user_auth_link(v.redirect, scope="read_write") + f"&link_token={token}")
        stranger.get_by_role("link", name="lives here").first.click()
        stranger.get_by_label("Name").fill("Extra")
        stranger.get_by_role("button", name="and allow").click()
        equal(v.exchange(v.back()["code"])["sub"], fresh["sub"])
        stranger.context.close()
        asked = call("/v1/application_verification", v.secret, json={
            "redirect_uris": ["https://app.example.com/two"], "contact": {"email": "dev@example.com"}})
        equal((asked.status_code, asked.json()), (202, {}))
        waiting = v.server.command("verifications", "list")["verifications"]
        equal([w["redirect_uris"] for w in waiting if w["client_id"] == v.client_id], [["https://app.example.com/two"]])
        v.server.command("verifications", "accept", "--client-id", v.client_id)
        equal([w for w in v.server.command("verifications", "list")["verifications"] if w["client_id"] == v.client_id], [])
        known = next(a for a in v.server.command("applications", "list")["applications"] if a["client_id"] == v.client_id)
        assert "https://app.example.com/two" in known["redirect_uris"]
        key = v.server.command("admin-keys", "create")["admin_key"]
        made = call("/v1/applications", key, json={"name": "Made", "url": "https://made.example.com/back"})
        equal(made.status_code, 200)
        made = made.json()["oauth_client"]
        equal(pycronofy.Client(client_id=made["client_id"], client_secret=made["client_secret"])
              .application_calendar("x")["application_calendar_id"], "x")
        v.server.command("admin-keys", "revoke", "--all")
        equal(call("/v1/applications", key, json={"name": "Late"}).status_code, 401)
