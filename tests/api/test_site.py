"""The web app is served by the same process: kept for ever where names carry a digest, asked for anew elsewhere."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import Api
from tradewind.api.app import create_app
from tradewind.api.site import Site

pytestmark = [pytest.mark.xdist_group("api"), pytest.mark.anyio]

SCRIPT = "console.log('tradewind')\n" * 200


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A web app as the build leaves it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>App</title>" + " " * 1500)
    (folder / "assets" / "index-4f3a.js").write_text(SCRIPT)
    (folder / "assets" / "font-1.woff2").write_bytes(b"wOF2" * 500)
    (folder / "favicon.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def site(api: Api, built: Path) -> httpx.AsyncClient:
    """The whole application, with that folder in place of its own."""
    app = create_app(api.platform, api.services, Site(built))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://tradewind.test")


@pytest.mark.parametrize("path", ["/", "/index.html", "/login", "/orders/01m7?tab=items", "/a/b/c"])
async def test_addresses_of_the_app_get_its_page_asked_for_anew_each_time(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path)

    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html><title>App</title>")
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_a_page_that_a_browser_has_kept_keeps_its_policy_too(site: httpx.AsyncClient) -> None:
    tag = (await site.get("/")).headers["etag"]

    again = await site.get("/", headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert "content-security-policy" not in again.headers  # what it said would take the place of the page's


async def test_files_with_a_digest_in_their_name_are_kept_for_ever(site: httpx.AsyncClient) -> None:
    answer = await site.get("/assets/index-4f3a.js")

    assert answer.text == SCRIPT
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))


async def test_texts_travel_packed_where_the_browser_takes_it(site: httpx.AsyncClient) -> None:
    async with site.stream("GET", "/assets/index-4f3a.js", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
    plain = await site.get("/assets/index-4f3a.js", headers={"Accept-Encoding": "identity"})
    font = await site.get("/assets/font-1.woff2", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(packed) < len(SCRIPT) / 5
    assert gzip.decompress(packed).decode() == SCRIPT
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in font.headers


async def test_what_has_not_changed_is_not_sent_again(site: httpx.AsyncClient, built: Path) -> None:
    first = await site.get("/index.html")
    again = await site.get("/index.html", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""

    (built / "index.html").write_text("<!doctype html><title>New build</title>" + " " * 2000)
    changed = await site.get("/index.html", headers={"If-None-Match": first.headers["etag"]})
    assert "New build" in changed.text


@pytest.mark.parametrize("path", ["/assets/index-old.js", "/missing.png", "/api/orders", "/v0/x", "/ws/x", "/docs/x"])
async def test_what_is_missing_is_never_answered_with_the_page(site: httpx.AsyncClient, path: str) -> None:
    assert (await site.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "//etc/passwd", "/a\\..\\b"]
)
async def test_nothing_outside_the_folder_is_served(site: httpx.AsyncClient, built: Path, path: str) -> None:
    (built.parent / "secret").write_text("secret")

    answer = await site.get(path)
    assert "secret" not in answer.text or answer.status_code == 404
    assert "root:" not in answer.text


async def test_without_a_build_there_is_a_page_that_says_how_to_make_one(api: Api, tmp_path: Path) -> None:
    app = create_app(api.platform, api.services, Site(tmp_path / "nowhere"))
    site = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://tradewind.test")

    page = await site.get("/")
    assert page.status_code == 200
    assert "make setup" in page.text
    robots = await site.get("/robots.txt")
    assert robots.text.startswith("User-agent: *")
    assert robots.headers["content-type"].startswith("text/plain")


async def test_the_manual_uses_nothing_from_elsewhere(api: Api) -> None:
    page = api.client.get("/docs").text
    script = api.client.get("/docs/docs.js")
    style = api.client.get("/docs/docs.css")

    for text in (page, script.text, style.text):
        assert "http://" not in text
        assert "https://" not in text
    assert script.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert style.headers["content-type"].startswith("text/css")
    assert "<script>" not in page
    assert " style=" not in page
