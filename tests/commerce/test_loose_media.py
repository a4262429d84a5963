"""Bytes of pictures are there for as long as a picture has them, and not much longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commerce.catalogue import ANN, a_product
from tests.spine import NOON, rows_of
from tradewind.commerce.catalog.loose_media import KEPT_FOR, delete_loose, fasten, loosen
from tradewind.commerce.catalog.media import add_media, media_of, remove_media
from tradewind.commerce.catalog.media_store import FolderStore, MediaStore
from tradewind.commerce.catalog.model import LooseMedia
from tradewind.commerce.catalog.pictures import Picture, copy_key
from tradewind.commerce.catalog.products import lock_product
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable

MINUTE = timedelta(minutes=1)


def a_picture(number: int = 0) -> Picture:
    """A picture with two copies. What its bytes are does not matter here."""
    key = f"{number:064x}.jpg"
    files = {key: b"whole"} | {copy_key(key, width): b"copy" for width in (320, 800)}
    return Picture(key, "image/jpeg", 1000, 500, 5, files)


def put(store: Database, media: MediaStore, picture: Picture, *, at: datetime) -> None:
    with store.write() as tx:
        loosen(tx, picture.key, now=at)
    for key, content in picture.files.items():
        media.put(key, content, picture.content_type)


def add(store: Database, media: MediaStore, product_id: str, picture: Picture, *, at: datetime = NOON) -> str:
    """As a route does it: bytes first, then the picture."""
    put(store, media, picture, at=at)
    with store.write() as tx:
        return add_media(tx, lock_product(tx, product_id), picture, actor=ANN, now=at).media_id


def remove(store: Database, product_id: str, media_id: str, *, at: datetime = NOON) -> None:
    with store.write() as tx:
        remove_media(tx, lock_product(tx, product_id), media_id, actor=ANN, now=at)


def keys_of(store: Database, product_id: str) -> set[str]:
    with store.read() as tx:
        return {one.key for one in media_of(tx, product_id)}


class Folder(FolderStore):
    """A folder that says what lies in it."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.place = place

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.place.rglob("*.jpg")}


@pytest.fixture
def media(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "media")


def test_bytes_go_a_day_after_the_last_picture_that_had_them(store: Database, media: Folder) -> None:
    mug, cup = a_product(store, "MUG"), a_product(store, "CUP")
    picture, other = a_picture(), a_picture(1)
    first, second = (add(store, media, product, picture) for product in (mug, cup))
    add(store, media, mug, other)
    remove(store, mug, first)
    later = NOON + timedelta(days=7)
    delete_loose(store, media, now=later)
    assert media.files == {*picture.files, *other.files}, "another product has the same picture"
    remove(store, cup, second, at=later)
    assert delete_loose(store, media, now=later + KEPT_FOR - MINUTE) == 0
    assert media.files == {*picture.files, *other.files}
    assert delete_loose(store, media, now=later + KEPT_FOR) == 1
    assert media.files == set(other.files)
    with store.read() as tx:
        assert rows_of(tx, LooseMedia) == 0


def test_bytes_that_no_picture_came_for_go_too(store: Database, media: Folder) -> None:
    for number in range(5):
        put(store, media, a_picture(number), at=NOON)
    assert [delete_loose(store, media, now=NOON + KEPT_FOR, limit=3) for _ in range(3)] == [3, 2, 0]
    assert media.files == set()


def test_who_adds_the_picture_again_in_time_keeps_its_bytes(store: Database, media: Folder) -> None:
    mug, picture = a_product(store), a_picture()
    remove(store, mug, add(store, media, mug, picture))
    add(store, media, mug, picture, at=NOON + KEPT_FOR - MINUTE)
    assert delete_loose(store, media, now=NOON + 3 * KEPT_FOR) == 0
    assert media.files == set(picture.files)


class Interrupted(Folder):
    """While bytes are deleted somebody uploads the same picture, and somebody else books it."""

    def __init__(self, place: Path, store: Database) -> None:
        super().__init__(place)
        self.refused = 0
        self._store = store

    def delete(self, key: str) -> None:
        whole = a_picture().key
        with pytest.raises(Unavailable, match="Send it again"), self._store.write() as tx:
            loosen(tx, whole, now=NOON + 2 * KEPT_FOR)
        with pytest.raises(Unavailable, match="Send it again"), self._store.write() as tx:
            fasten(tx, whole)
        self.refused += 1
        super().delete(key)


def test_who_sends_a_picture_whose_bytes_are_being_deleted_is_asked_to_come_again(
    store: Database, tmp_path: Path
) -> None:
    mug, picture, media = a_product(store), a_picture(), Interrupted(tmp_path / "media", store)
    remove(store, mug, add(store, media, mug, picture))
    assert delete_loose(store, media, now=NOON + 2 * KEPT_FOR) == 1
    assert (media.refused > 0, media.files) == (True, set())
    add(store, media, mug, picture, at=NOON + 2 * KEPT_FOR)
    assert media.files == set(picture.files)


class Failing(Folder):
    """A store that goes away after the first deletion."""

    left = 1

    def delete(self, key: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unavailable("The media bucket does not answer.")
        super().delete(key)


def test_a_deletion_that_failed_half_way_is_done_again(store: Database, tmp_path: Path) -> None:
    mug, picture, media = a_product(store), a_picture(), Failing(tmp_path / "media")
    remove(store, mug, add(store, media, mug, picture))
    due = NOON + KEPT_FOR
    with pytest.raises(Unavailable):
        delete_loose(store, media, now=due)
    assert 0 < len(media.files) < len(picture.files)
    media.left = 100
    assert delete_loose(store, media, now=due + MINUTE) == 0, "the other one may still be at it"
    assert delete_loose(store, media, now=due + 15 * MINUTE) == 1
    assert media.files == set()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "put", "sweep"]), st.integers(0, 1), st.integers(0, 1), st.integers(0, 30)
    ),
    max_size=25,
)
NUMBERS = count(0, 2)


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_picture_is_without_its_bytes_and_in_the_end_no_bytes_without_a_picture(
    store: Database, media: Folder, steps: list[tuple[str, int, int, int]]
) -> None:
    number, now = next(NUMBERS), NOON
    products = [a_product(store, f"{sku}-{number}") for sku in ("MUG", "CUP")]
    pictures = [a_picture(number), a_picture(number + 1)]
    for step, which, picture, hours in steps:
        now += timedelta(hours=hours)
        with store.read() as tx:
            there = media_of(tx, products[which])
        if step == "add":
            add(store, media, products[which], pictures[picture], at=now)
        elif step == "remove" and there:
            remove(store, products[which], there[0].media_id, at=now)
        elif step == "put":
            put(store, media, pictures[picture], at=now)
        elif step == "sweep":
            delete_loose(store, media, now=now)
        assert keys_of(store, products[0]) | keys_of(store, products[1]) <= media.files
    delete_loose(store, media, now=now + KEPT_FOR)
    used = keys_of(store, products[0]) | keys_of(store, products[1])
    for one in pictures:
        assert media.files & set(one.files) == (set(one.files) if one.key in used else set())
