"""A project's files as one value of the store."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

_EPOCH = (1980, 1, 1, 0, 0, 0)

Files = Mapping[PurePosixPath, bytes]


def pack(files: Files) -> bytes:
    """The files in one archive; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(str(path), _EPOCH), files[path], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(packed: bytes) -> dict[PurePosixPath, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {PurePosixPath(name): archive.read(name) for name in archive.namelist()}
