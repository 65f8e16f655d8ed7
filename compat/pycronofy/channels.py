"""Channels and their notifications through Cronofy's SDK, with a receiver of our own."""

import http.server
import threading
import time

from kit import equal, refused, test


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
