"""Bodies as they are sent: unpacked within bounds, whatever their headers claim."""

from __future__ import annotations

import sys
import zlib
from typing import IO

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.ingest.rows import UnreadableBody

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_PIECE = 256 * 1024
_ZSTD_WINDOW_LOG = 27
"""128 MiB: what `zstd --long` writes. A larger window would be memory before a byte is out."""


class BodyTooLarge(InvalidInput):
    code = "body_too_large"
    status = 413


def unpacked(body: bytes, encoding: str | None, most: int) -> bytes:
    """The body as it was before it was packed. Raises BodyTooLarge past `most` bytes, UnreadableBody when broken."""
    name = (encoding or "identity").strip().lower()
    if name in ("", "identity"):
        return body
    if name in ("gzip", "x-gzip"):
        return _gunzipped(body, most)
    if name == "zstd":
        return _unzstd(body, most)
    raise UnreadableBody(f"Content-Encoding {name[:40]} is not known here. Use gzip or zstd, or send it unpacked.")


def zstd_file(file: IO[bytes]) -> IO[bytes]:
    """A packed file as it was before."""
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    return zstd.ZstdFile(file, options=options)  # type: ignore[return-value]  # it reads as a file does


def _gunzipped(body: bytes, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    rest = body
    try:
        while rest:  # a file of several members is one text
            unpacking = zlib.decompressobj(wbits=31)
            while not unpacking.eof:
                piece = unpacking.decompress(rest, _PIECE)
                rest = unpacking.unconsumed_tail
                size += len(piece)
                if size > most:
                    raise _too_large(most)
                pieces.append(piece)
                if not piece and not rest and not unpacking.eof:
                    raise UnreadableBody("The gzip body ends too early. Nothing of it was stored.")
            rest = unpacking.unused_data.lstrip(b"\0")
    except zlib.error as broken:
        raise UnreadableBody(f"The body is not gzip as its Content-Encoding says: {broken}.") from broken
    if not body:
        raise UnreadableBody("The gzip body is empty.")
    return b"".join(pieces)


def _unzstd(body: bytes, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    rest = body
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    try:
        while rest:
            unpacking = zstd.ZstdDecompressor(options=options)
            while not unpacking.eof:
                piece = unpacking.decompress(rest, _PIECE)
                rest = b""
                size += len(piece)
                if size > most:
                    raise _too_large(most)
                pieces.append(piece)
                if not piece and not unpacking.eof:
                    raise UnreadableBody("The zstd body ends too early. Nothing of it was stored.")
            rest = unpacking.unused_data
    except zstd.ZstdError as broken:
        raise UnreadableBody(f"The body is not zstd as its Content-Encoding says: {broken}.") from broken
    if not body:
        raise UnreadableBody("The zstd body is empty.")
    return b"".join(pieces)


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(
        f"The body is larger than {most // 1024**2} MB once it is unpacked. Nothing of it was stored; send it in parts."
    )
