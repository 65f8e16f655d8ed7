"""Channels and their notifications through Cronofy's SDK, with a receiver of our own."""

import http.server
import os
import subprocess
import threading
import time

from kit import BINARY, at, equal, refused, test


class Receiver:
    """Keeps what is posted to it."""

    def __init__(self):
        self.got = got = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.headers["Cronofy-HMAC-SHA256"], body.decode()))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count):
        for _ in range(200):
            if len(self.got) >= count:
                return self.got
            time.sleep(0.05)
        raise AssertionError(f"{len(self.got)} notifications instead of {count}")


@test
def channels_and_signatures(world):
    receiver = Receiver()
    channel = world.sdk.create_notification_channel(receiver.url, calendar_ids=[world.calendar])
    equal(channel["callback_url"], receiver.url)
    equal(channel["filters"]["calendar_ids"], [world.calendar])
    assert channel["channel_id"] in [known["channel_id"] for known in world.sdk.list_notification_channels()]
    header, body = receiver.wait(1)[0]
    assert '"type":"verification"' in body
    # The exact bytes verify; no others do.
    assert world.sdk.hmac_valid(header, body)
    for index in range(len(body)):
        tampered = body[:index] + chr(ord(body[index]) ^ 1) + body[index + 1:]
        assert not world.sdk.hmac_valid(header, tampered), index
    assert not world.sdk.hmac_valid(header, body + " ")
    assert not world.sdk.hmac_valid("", body)
    world.sdk.close_notification_channel(channel["channel_id"])
    assert channel["channel_id"] not in [known["channel_id"] for known in world.sdk.list_notification_channels()]
    refused(lambda: world.sdk.close_notification_channel(channel["channel_id"]), 404)
    receiver.server.shutdown()


@test
def listen_prints_and_forwards(world):
    """`anchorpoint listen` beside the server: each notification once, with bytes that verify where they are forwarded."""
    receiver, local = Receiver(), Receiver()
    command = [BINARY, "listen", "--client-id", world.server.client_id, "--forward-to", local.url,
               "--database", world.server.database]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    lines = []
    threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")), daemon=True).start()
    try:
        time.sleep(2)
        channel = world.sdk.create_notification_channel(receiver.url)
        header, body = local.wait(1)[0]
        assert '"type":"verification"' in body and channel["channel_id"] in body
        assert world.sdk.hmac_valid(header, body) and not world.sdk.hmac_valid(header, body + " ")
        # A change by somebody else is told once, however often the log is read.
        world.server.import_calendar(world.ada, "\r\n".join([
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "BEGIN:VEVENT", "UID:heard", "DTSTAMP:20260101T000000Z",
            f"DTSTART:{at(9, days=3).replace('-', '').replace(':', '')}", "DURATION:PT1H", "SUMMARY:Heard",
            "END:VEVENT", "END:VCALENDAR", ""]))
        local.wait(2)
        time.sleep(2)
        bodies = [body for _, body in local.got]
        equal(len(bodies), len(set(bodies)))
        assert any('"type":"change"' in body for body in bodies), bodies
        equal(sorted(bodies), sorted({body for _, body in receiver.got}))
        printed = "".join(lines)
        assert "verification  acknowledged  forwarded: answered 200" in printed, printed
        for body in bodies:
            assert body in printed, (body, printed)
    finally:
        process.terminate()
        process.wait(10)
    unknown = subprocess.run([BINARY, "listen", "--client-id", "nobody", "--database", world.server.database],
                             capture_output=True, text=True, timeout=30)
    equal(unknown.returncode, 66)
    assert "nobody" in unknown.stderr
