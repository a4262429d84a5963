"""Pictures: what is taken, what is taken off them, and where their bytes lie."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PIL import Image
from pydantic import SecretStr

from tests.commerce.catalogue import ANN, a_product
from tests.spine import NOON
from tradewind.commerce.catalog.media import add_media, change_media, media_of, remove_media
from tradewind.commerce.catalog.media_store import BucketStore, FolderStore, open_media
from tradewind.commerce.catalog.pictures import Picture, read_picture
from tradewind.commerce.catalog.products import lock_product
from tradewind.commerce.catalog.store import find_product
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, Misconfigured, NotFound, Unavailable
from tradewind.core.settings import load_settings

KEY = "ab" * 32 + ".jpg"


def drawn(width: int = 40, height: int = 20, mode: str = "RGB", kind: str = "JPEG", **more: Any) -> bytes:
    """A picture, dark on the left and light on the right."""
    picture = Image.new("L", (width, height))
    picture.paste(200, (width // 2, 0, width, height))
    out = io.BytesIO()
    picture.convert(mode).save(out, kind, **more)
    return out.getvalue()


def opened(picture: Picture, place: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(list(picture.files.values())[place]))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (drawn(), "image/jpeg"),
        (drawn(kind="PNG"), "image/jpeg"),
        (drawn(mode="RGBA", kind="PNG"), "image/png"),
        (drawn(kind="WEBP"), "image/jpeg"),
        (drawn(mode="P", kind="GIF"), "image/jpeg"),
        (drawn(mode="CMYK"), "image/jpeg"),
        (drawn(mode="L"), "image/jpeg"),
    ],
)
def test_what_is_a_picture_is_kept_under_its_digest(content: bytes, kind: str) -> None:
    picture = read_picture(content)
    assert (picture.content_type, picture.width, picture.height) == (kind, 40, 20)
    assert picture.size_bytes == len(picture.files[picture.key])
    assert opened(picture).size == (40, 20)
    assert read_picture(content).key == picture.key


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", drawn()[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 100],
)
def test_what_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a picture"):
        read_picture(content)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(InvalidInput, match="12000 × 12000"):
        read_picture(drawn(12_000, 12_000, kind="PNG"))


def test_what_the_camera_wrote_is_taken_off_and_the_picture_stands_upright() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # turned by a quarter
    notes[0x010F] = "Camera"
    picture = read_picture(drawn(40, 20, exif=notes))
    shown = opened(picture)
    assert shown.size == (20, 40)
    assert len(shown.getexif()) == 0
    assert b"Camera" not in picture.files[picture.key]
    grey = shown.convert("L").tobytes()
    assert grey[35 * 20 + 10] > 150 > grey[5 * 20 + 10]


def test_a_large_picture_has_smaller_copies() -> None:
    picture = read_picture(drawn(1000, 500))
    assert [opened(picture, place).size for place in range(3)] == [(1000, 500), (320, 160), (800, 400)]
    assert len(read_picture(drawn(320, 20)).files) == 1


def test_what_hides_behind_a_picture_is_gone() -> None:
    picture = read_picture(drawn() + b"<script>alert(1)</script>")
    assert b"script" not in picture.files[picture.key]


def test_a_folder_keeps_what_was_put_and_knows_only_names_of_pictures(tmp_path: Path) -> None:
    media = FolderStore(tmp_path / "media")
    for content in (b"one", b"two"):
        media.put(KEY, content, "image/jpeg")
    assert media.get(KEY) == b"one"
    with pytest.raises(NotFound):
        media.get("cd" * 32 + ".png")
    for wrong in ("../secret", "a.jpg", KEY + "/..", "", "ab" * 32 + ".html"):
        with pytest.raises(InvalidInput):
            media.get(wrong)
    assert [path.name for path in (tmp_path / "media").rglob("*.*")] == [KEY]


class Bucket(BaseHTTPRequestHandler):
    """A small program that answers as S3 does to PUT and GET of an object, and checks what it is sent."""

    objects: ClassVar[dict[str, bytes]] = {}
    heard: ClassVar[list[dict[str, str]]] = []
    status: ClassVar[int] = 200

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(dict(self.headers))
        if self.status == 200:
            self.objects[self.path] = body
        self._answer(self.status, b"")

    def do_GET(self) -> None:
        found = self.objects.get(self.path.partition("?")[0])
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>")
        else:
            self._answer(200, found)

    def do_DELETE(self) -> None:
        self.objects.pop(self.path.partition("?")[0], None)
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pytest.importorskip("boto3")
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # it would keep the keys that another test had
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-of-tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-tests")
    Bucket.objects, Bucket.heard, Bucket.status = {}, [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"s3://shop/pictures?endpoint=http://127.0.0.1:{server.server_port}&region=eu-1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_bucket_keeps_what_was_put_signed_typed_and_cacheable(bucket: str) -> None:
    media = BucketStore(bucket)
    media.put(KEY, b"content", "image/jpeg")
    assert media.get(KEY) == b"content"
    assert list(Bucket.objects) == [f"/shop/pictures/{KEY}"]
    sent = Bucket.heard[0]
    assert sent["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=key-of-tests/")
    assert "/eu-1/s3/" in sent["Authorization"]
    assert (sent["Content-Type"], sent["Cache-Control"]) == ("image/jpeg", "public, max-age=31536000, immutable")
    with pytest.raises(NotFound):
        media.get("cd" * 32 + ".png")
    for _ in range(2):
        media.delete(KEY)
    with pytest.raises(NotFound):
        media.get(KEY)


def test_a_bucket_that_refuses_is_told_as_unavailable(bucket: str) -> None:
    Bucket.status = 403
    with pytest.raises(Unavailable, match="TRADEWIND_MEDIA_URL"):
        BucketStore(bucket).put(KEY, b"content", "image/jpeg")


@pytest.mark.parametrize("url", ["s3://", "s3://bucket?size=3", "ftp://bucket", "s3://name:secret@bucket"])
def test_a_place_that_cannot_be_is_a_setting_to_mend(url: str, data_dir: Path) -> None:
    with pytest.raises(Misconfigured, match="TRADEWIND_MEDIA_URL"):
        open_media(load_settings(data_dir=data_dir, media={"url": SecretStr(url)}))


def test_pictures_of_a_product_have_an_order_and_the_first_one_stands_in_lists(store: Database) -> None:
    mug = a_product(store)
    pictures = [read_picture(drawn(20 + i, 20)) for i in range(3)]
    with store.write() as tx:
        row = lock_product(tx, mug)
        first, second, third = (add_media(tx, row, one, alt="a", actor=ANN, now=NOON).media_id for one in pictures)
    with store.write() as tx:
        row = lock_product(tx, mug)
        assert change_media(tx, row, third, position=0, alt="front", actor=ANN, now=NOON).alt == "front"
        remove_media(tx, row, first, actor=ANN, now=NOON)
        with pytest.raises(NotFound):
            remove_media(tx, row, first, actor=ANN, now=NOON)
    with store.read() as tx:
        assert [one.media_id for one in media_of(tx, mug)] == [third, second]
        assert find_product(tx, mug).product.picture == pictures[2].key
