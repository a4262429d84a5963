"""Encodings of the gateway's bodies: HTTP's own (gzip, deflate, zstd, lz4) and ClickHouse's block format.

The block format is what JDBC and Go clients ask for with `compress=1` and send with `decompress=1`: blocks
of LZ4, each behind its CityHash128 checksum, codec byte and two sizes.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import lz4.block
import lz4.frame
from clickhouse_cityhash.cityhash import CityHash128

from tradewind.warehouse.gateway_errors import BAD_ARGUMENTS, CANNOT_DECOMPRESS, GatewayError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_BLOCK_HEADER = struct.Struct("<16sBII")
_CODEC_LZ4 = 0x82
_CODEC_NONE = 0x02
_MAX_BLOCK = 256 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class Encoder(Protocol):
    """Compresses a body piece by piece."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class Decoder(Protocol):
    """Decompresses a body piece by piece."""

    def decompress(self, data: bytes, /) -> Iterator[bytes]: ...
    def finish(self) -> None: ...


def _checksum(block: bytes) -> bytes:
    digest: int = CityHash128(block)
    return struct.pack("<QQ", digest >> 64, digest & (2**64 - 1))


class _Plain:
    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


class _Lz4Frame:
    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._begun = False

    def compress(self, data: bytes, /) -> bytes:
        return self._begin() + bytes(self._frame.compress(data))

    def flush(self) -> bytes:
        return self._begin() + bytes(self._frame.flush())

    def _begin(self) -> bytes:
        if self._begun:
            return b""
        self._begun = True
        return bytes(self._frame.begin())


class _Blocks:
    """ClickHouse's block format."""

    def compress(self, data: bytes, /) -> bytes:
        if not data:
            return b""
        packed: bytes = lz4.block.compress(data, store_size=False)
        body = struct.pack("<BII", _CODEC_LZ4, len(packed) + 9, len(data)) + packed
        return _checksum(body) + body

    def flush(self) -> bytes:
        return b""


ENCODERS: dict[str, Callable[[], Encoder]] = {
    "zstd": lambda: zstd.ZstdCompressor(level=1),
    "lz4": _Lz4Frame,
    "gzip": lambda: zlib.compressobj(3, zlib.DEFLATED, _GZIP),
    "deflate": lambda: zlib.compressobj(3),
}


def chosen_encoding(accepted: str) -> str | None:
    """The first encoding of an Accept-Encoding header that we speak, in the client's order; None: send it plain."""
    offers: list[tuple[float, str]] = []
    for part in accepted.lower().split(","):
        name, _, rest = part.strip().partition(";")
        weight = rest.strip().removeprefix("q=")
        try:
            offers.append((-float(weight) if weight else -1.0, name.strip()))
        except ValueError:
            continue
    wanted = [name for weight, name in sorted(offers, key=lambda offer: offer[0]) if weight < 0]
    return next((name for name in wanted if name in ENCODERS), None)


def encoder(encoding: str | None, *, in_blocks: bool) -> Encoder:
    """What compresses an answer."""
    if in_blocks:
        return _Blocks()
    return ENCODERS[encoding]() if encoding else _Plain()


def decoder(encoding: str, *, in_blocks: bool) -> Decoder:
    """What decompresses a request's body, its Content-Encoding or block format given."""
    name = encoding.strip().lower()
    if in_blocks:
        return _BlockReader()
    if name in ("", "identity"):
        return _PlainReader()
    if name in ("gzip", "deflate"):
        return _Reader(lambda: _Zlib(_GZIP if name == "gzip" else zlib.MAX_WBITS))
    if name == "zstd":
        return _Reader(zstd.ZstdDecompressor)
    if name == "lz4":
        return _Reader(lz4.frame.LZ4FrameDecompressor)
    raise GatewayError(BAD_ARGUMENTS, f"Content-Encoding '{encoding}' is not known. Use gzip, deflate, zstd or lz4.")


class _PlainReader:
    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        return


class _Zlib:
    """zlib's decompressor with the face of the others."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)
        self._is_full = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._is_full

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._is_full = len(out) == max_length
        return out


class _Reader:
    """A stream of one or more frames; each call inflates one megabyte at most, so a bomb meets the size limit early."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._frame = make()
        self._is_fresh = True

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        try:
            while data or not self._is_fresh:
                piece = self._frame.decompress(data, 1024 * 1024)
                data, self._is_fresh = b"", False
                if piece:
                    yield piece
                if self._frame.eof:
                    data = self._frame.unused_data or b""
                    self._frame, self._is_fresh = self._make(), True
                elif self._frame.needs_input:
                    return
        except (zlib.error, zstd.ZstdError, RuntimeError, EOFError) as broken:
            raise GatewayError(CANNOT_DECOMPRESS, f"The request's body cannot be decompressed: {broken}") from broken

    def finish(self) -> None:
        if not self._is_fresh:
            raise GatewayError(CANNOT_DECOMPRESS, "The request's body cannot be decompressed: it ends in the middle.")


class _BlockReader:
    """ClickHouse's block format; LZ4 and stored blocks."""

    def __init__(self) -> None:
        self._waiting = b""

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        self._waiting += data
        while len(self._waiting) >= _BLOCK_HEADER.size:
            checksum, codec, packed, plain = _BLOCK_HEADER.unpack_from(self._waiting)
            if packed > _MAX_BLOCK or plain > _MAX_BLOCK or packed < 9:
                raise GatewayError(
                    CANNOT_DECOMPRESS, "A compressed block of the request's body is larger than allowed."
                )
            end = 16 + packed
            if len(self._waiting) < end:
                return
            body = self._waiting[16:end]
            if checksum != _checksum(body):
                raise GatewayError(CANNOT_DECOMPRESS, "Checksum doesn't match: corrupted data in the request's body.")
            yield self._plain(codec, body[9:], plain)
            self._waiting = self._waiting[end:]

    def finish(self) -> None:
        if self._waiting:
            raise GatewayError(
                CANNOT_DECOMPRESS, "The request's body cannot be decompressed: it ends in the middle of a block."
            )

    @staticmethod
    def _plain(codec: int, body: bytes, size: int) -> bytes:
        if codec == _CODEC_NONE:
            return body
        if codec != _CODEC_LZ4:
            raise GatewayError(CANNOT_DECOMPRESS, f"Compression method {codec:#x} is not known here. Use LZ4.")
        try:
            return bytes(lz4.block.decompress(body, uncompressed_size=size))
        except lz4.block.LZ4BlockError as broken:
            raise GatewayError(CANNOT_DECOMPRESS, f"The request's body cannot be decompressed: {broken}") from broken
