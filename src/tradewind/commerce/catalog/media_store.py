"""Where the bytes of pictures lie: a folder, or a bucket that speaks S3. Keys are made from the content's digest.

What is written once never changes, so writing it again does no harm, and every cache may keep it for ever.
When bytes are deleted, `loose_media` knows.
"""

from __future__ import annotations

import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from tradewind.core.errors import InvalidInput, Misconfigured, NotFound, Unavailable
from tradewind.core.folders import private_folder
from tradewind.core.settings import Settings

_KEY = re.compile(r"[0-9a-f]{64}(-[0-9]{1,5})?\.(jpg|png)")


class MediaStore(Protocol):
    """Safe for several threads. Raises Unavailable when the other side is away."""

    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def get(self, key: str) -> bytes:
        """The bytes under a key. Raises NotFound."""
        ...

    def delete(self, key: str) -> None:
        """Nothing is under this key afterwards, nor need have been before."""
        ...


def open_media(settings: Settings) -> MediaStore:
    """The store that TRADEWIND_MEDIA_URL names: `s3://bucket/prefix?endpoint=https://host&region=eu-1`, or a folder."""
    url = settings.media.url
    return _opened(url.get_secret_value() if url else str(settings.data_dir / "media"))


@lru_cache(maxsize=8)
def _opened(place: str) -> MediaStore:
    if place.startswith("s3://"):
        return BucketStore(place)
    if "://" in place:
        raise Misconfigured("TRADEWIND_MEDIA_URL is neither a folder nor s3://bucket/prefix.")
    return FolderStore(Path(place))


class FolderStore:
    """Files, spread over 256 folders by the first two letters of their keys."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes, content_type: str) -> None:  # noqa: ARG002 (a file has no type)
        path = self._path(key)
        if path.exists():
            return
        private_folder(path.parent)
        # Under another name first: nobody may read half a picture.
        handle, unfinished = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise _missing(key) from None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / _checked(key)[:2] / key


class BucketStore:
    """Objects in a bucket. Access comes from the environment (AWS_ACCESS_KEY_ID …), where other S3 tools look too."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        unknown = options.keys() - {"endpoint", "region"}
        if not parts.netloc or unknown or "@" in parts.netloc:
            raise Misconfigured(
                "TRADEWIND_MEDIA_URL is not usable. Write s3://bucket/prefix?endpoint=https://host&region=name; access"
                " comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            )
        self._bucket = parts.netloc
        self._prefix = f"{parts.path.strip('/')}/" if parts.path.strip("/") else ""
        self._client, self._refused, self._away = _s3(options.get("endpoint"), options.get("region"))

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self._ask(
            "put_object",
            key,
            Body=content,
            ContentType=content_type,
            CacheControl="public, max-age=31536000, immutable",
        )

    def get(self, key: str) -> bytes:
        content: bytes = self._ask("get_object", key)["Body"].read()
        return content

    def delete(self, key: str) -> None:
        self._ask("delete_object", key)

    def _ask(self, what: str, key: str, **more: Any) -> Any:
        try:
            return getattr(self._client, what)(Bucket=self._bucket, Key=self._prefix + _checked(key), **more)
        except self._refused as refused:
            if refused.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                raise _missing(key) from None
            raise Unavailable(
                "The media bucket refused a request. See TRADEWIND_MEDIA_URL and its access."
            ) from refused
        except self._away as away:
            raise Unavailable(
                "The media bucket (TRADEWIND_MEDIA_URL) does not answer. Try again in a moment."
            ) from away


def _s3(endpoint: str | None, region: str | None) -> tuple[Any, Any, Any]:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise Misconfigured("Media in a bucket need the extra 's3': pip install 'tradewind[s3]'.") from None
    config = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"})
    client = boto3.client("s3", endpoint_url=endpoint, region_name=region or "us-east-1", config=config)
    return client, ClientError, BotoCoreError


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise InvalidInput("This is not the name of a picture.", field="key")
    return key


def _missing(key: str) -> NotFound:
    return NotFound(f"There is no picture {key[:16]}….")
