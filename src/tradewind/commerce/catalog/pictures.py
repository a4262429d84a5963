"""Pictures as they are kept: checked, turned upright, without what the camera wrote into them, in several sizes.

Every picture is decoded and encoded anew. So what is served is a picture and nothing else, whatever came in.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from tradewind.core.errors import InvalidInput

MOST_BYTES = 10 * 1024**2
MOST_PIXELS = 50_000_000
WIDTHS = (320, 800, 1600)
"""Of the smaller copies, in pixels; those as wide as the picture or wider are left out."""
TYPES = {"jpg": "image/jpeg", "png": "image/png"}
"""What is kept, by the ending of its key: PNG where something is transparent, JPEG otherwise."""
_READ = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its copies. `files` are bytes by key; the key is made from the digest of the whole picture."""

    key: str
    content_type: str
    width: int
    height: int
    size_bytes: int
    files: dict[str, bytes]


def read_picture(content: bytes) -> Picture:
    """The picture that these bytes are. Raises InvalidInput for what is none, or is too large.

    Of an animation the first frame is kept.
    """
    from PIL import Image, ImageOps

    if len(content) > MOST_BYTES:
        raise InvalidInput(f"A picture has up to {MOST_BYTES // 1024**2} MB.", field="body")
    try:
        with warnings.catch_warnings():
            # Pillow warns of pictures that unpack to very many pixels; ours are counted before they are unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_READ) as opened:
                _check_pixels(*opened.size)
                upright = ImageOps.exif_transpose(opened)
                is_clear = upright.has_transparency_data
                plain = upright.convert("RGBA" if is_clear else "RGB")
                profile = opened.info.get("icc_profile")
    except InvalidInput:
        raise
    except Exception as unreadable:
        # What a decoder raises on broken bytes is nobody's list.
        raise InvalidInput(
            "This is not a picture that we can read. Send a JPEG, PNG, WebP or GIF.", field="body"
        ) from (unreadable)
    ending = "png" if is_clear else "jpg"
    colours = profile if isinstance(profile, bytes) and opened.mode not in ("CMYK", "L", "LA", "P") else None
    whole = _encoded(plain, colours)
    digest = hashlib.sha256(whole).hexdigest()
    files = {f"{digest}.{ending}": whole}
    for width in widths_below(plain.width):
        height = max(1, round(plain.height * width / plain.width))
        files[f"{digest}-{width}.{ending}"] = _encoded(plain.resize((width, height), Image.Resampling.LANCZOS), colours)
    return Picture(f"{digest}.{ending}", TYPES[ending], plain.width, plain.height, len(whole), files)


def widths_below(width: int) -> list[int]:
    """The widths of the copies that a picture of this width has."""
    return [one for one in WIDTHS if one < width]


def files_of(key: str) -> list[str]:
    """All keys under which bytes of a picture may lie, whatever its width."""
    return [key, *(copy_key(key, width) for width in WIDTHS)]


def copy_key(key: str, width: int) -> str:
    """The key of a picture's copy of one of its widths."""
    digest, _, ending = key.partition(".")
    return f"{digest}-{width}.{ending}"


def _check_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise InvalidInput(
            f"The picture has {width} × {height} pixels. Up to {MOST_PIXELS // 10**6} million are accepted.",
            field="body",
        )


def _encoded(picture: object, profile: bytes | None) -> bytes:
    from PIL import Image

    if not isinstance(picture, Image.Image):
        raise TypeError("a picture is encoded")
    out = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(out, "PNG", optimize=True, icc_profile=profile)
    else:
        picture.save(out, "JPEG", quality=_QUALITY, progressive=True, icc_profile=profile)
    return out.getvalue()
