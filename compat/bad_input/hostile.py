"""A web server on this machine that answers as badly as it can, and counts who gets where nobody may."""

import gzip
import http.server
import threading
import time

DAV = ('<?xml version="1.0"?>{doctype}<d:multistatus xmlns:d="DAV:"><d:response><d:href>/</d:href><d:propstat><d:prop>'
       '<d:current-user-principal><d:href>{text}</d:href></d:current-user-principal></d:prop>'
       '<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>')
BOMB = '<!DOCTYPE b [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"


def calendar(*events):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//tests//EN", *events, "END:VCALENDAR", ""])


def event(uid, start, *lines):
    start = start.replace("-", "").replace(":", "")
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{start}", "DURATION:PT1H",
                        f"SUMMARY:{uid}", *lines, "END:VEVENT"])


GOOD = calendar(event("good", "2031-04-05T06:00:00Z"))


class Host:
    def __init__(self):
        host = self
        self.reached = self.requests = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                host.requests += 1
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                try:
                    host.answer(self)
                except OSError:
                    pass  # They had enough.
                self.close_connection = True

            do_GET = do_PROPFIND = do_REPORT = do_OPTIONS = do_HEAD = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request):
        path = request.path
        send = lambda status, body=b"", kind="text/calendar", length=None, **fields: self.send(  # noqa: E731
            request, status, body, kind, length, fields)
        dav = lambda doctype="", text="/me/": send(207, DAV.format(doctype=doctype, text=text).encode(), "application/xml")  # noqa: E731
        redirects = {"/to-private": "http://10.0.0.1/a.ics", "/to-metadata": "http://169.254.169.254/latest/meta-data",
                     "/to-file": "file:///etc/passwd", "/round": "/round"}
        if path in redirects:
            return send(302, Location=redirects[path])
        if path.startswith("/secret"):
            self.reached += 1
        match path:
            case "/good": send(200, GOOD.encode())
            case "/truncated": send(200, GOOD.split("END:VEVENT")[0].encode())
            case "/short": send(200, GOOD.encode()[:90], length=len(GOOD))
            case "/gigantic": send(200, GOOD.encode() + b"X" * (60 << 20))
            case "/endless": self.endless(request, b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", b"X-MORE:" + b"x" * 60 + b"\r\n")
            case "/drip": self.drip(request)
            case "/bomb": send(200, gzip.compress(GOOD.encode() + b"X" * (30 << 20)), Content_Encoding="gzip")
            case "/html": send(200, b"<html>Sign in</html>", "text/html")
            case "/broken": send(500, b"SELECT * FROM secrets")
            case "/entities/": dav(BOMB, "&a9;")
            case "/external/": dav(f'<!DOCTYPE b [<!ENTITY x SYSTEM "{self.base}/secret"><!ENTITY y SYSTEM "file:///etc/passwd">]>', "&x;&y;")
            case "/nested/": send(207, b'<d:multistatus xmlns:d="DAV:">' + b"<d:response>" * 200_000, "application/xml")
            case "/endless/": self.endless(request, b'<d:multistatus xmlns:d="DAV:">', b"<d:x>more</d:x>" * 8, 207, "application/xml")
            case "/cut/": send(207, DAV.format(doctype="", text="/me/").encode()[:120], "application/xml")
            case _: send(404, b"SELECT nothing", "text/plain")

    def send(self, request, status, body, kind, length, fields):
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in fields.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    def endless(self, request, start, piece, status=200, kind="text/calendar"):
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.end_headers()
        request.wfile.write(start)
        # Far beyond every limit, yet not for ever where nobody hangs up.
        for _ in range(400):
            request.wfile.write(piece * 10_000)

    def drip(self, request):
        request.send_response(200)
        request.send_header("Content-Type", "text/calendar")
        request.end_headers()
        for byte in GOOD.encode() * 4:
            request.wfile.write(bytes([byte]))
            time.sleep(0.3)
