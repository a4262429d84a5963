"""A server that takes objects as S3 does: it proves the signature of each request and the digest of what is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

REGION = "eu-1"
ACCESS_KEY, SECRET = "AKIDTEST", "s3cr3t-of-the-bucket"


@dataclass
class Buckets:
    """What the server holds, and what it refuses."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    """By bucket and key."""
    refused: list[str] = field(default_factory=list)
    failures: int = 0
    """So many of the next requests are answered with 503."""


@contextmanager
def buckets() -> Iterator[Buckets]:
    made = Buckets()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if made.failures:
                made.failures -= 1
                self._answer(503, "SlowDown")
                return
            wrong = _what_is_wrong(self, body)
            if wrong:
                made.refused.append(wrong)
                self._answer(403, wrong)
                return
            made.objects[unquote(urlsplit(self.path).path).lstrip("/")] = body
            self._answer(200, "")

        def _answer(self, status: int, code: str) -> None:
            content = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode() if code else b""
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _what_is_wrong(request: BaseHTTPRequestHandler, body: bytes) -> str:
    """Signature version 4 as its public description has it, and the digests that go with it."""
    headers = {name.lower(): " ".join(value.split()) for name, value in request.headers.items()}
    digest = headers.get("x-amz-content-sha256", "")
    if digest != hashlib.sha256(body).hexdigest():
        return "XAmzContentSHA256Mismatch"
    crc = base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    if headers.get("x-amz-checksum-crc32", crc) != crc:
        return "BadDigest"
    method, _, rest = headers.get("authorization", "").partition(" ")
    told = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    names = told.get("SignedHeaders", "").split(";")
    if method != "AWS4-HMAC-SHA256" or "host" not in names or "x-amz-date" not in names:
        return "AccessDenied"
    key, day, region, service, end = told["Credential"].split("/")
    if (key, region, service, end) != (ACCESS_KEY, REGION, "s3", "aws4_request"):
        return "InvalidAccessKeyId"
    path = urlsplit(request.path)
    signed = "".join(f"{name}:{headers[name]}\n" for name in names)
    canonical = "\n".join([request.command, path.path, path.query, signed, ";".join(names), digest])
    scope = f"{day}/{region}/{service}/{end}"
    text = "\n".join([method, headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    secret = f"AWS4{SECRET}".encode()
    for part in (day, region, service, end):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    expected = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return "" if hmac.compare_digest(expected, told.get("Signature", "")) else "SignatureDoesNotMatch"
