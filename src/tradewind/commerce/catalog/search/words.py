"""Texts as words, the same for both engines: what is indexed and what is asked for pass through here.

Case and accents do not count ("Crème" is found as "creme"), and everything but letters and digits parts words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 64
SHORTEST_TO_CORRECT = 4
"""Letters from which a word can be told from its neighbours well enough to correct it."""
SHORTEST_TO_LEARN = 3
"""Letters of a word that another one may be corrected to."""
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case without accents: ß becomes ss, É becomes e."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def code_words(*codes: str | None) -> list[str]:
    """Words of SKUs and barcodes: their parts, and all of a code in one, as people type it without its signs."""
    found: list[str] = []
    for code in codes:
        parts = words_of(code) if code else []
        found += parts
        if len(parts) > 1:
            found.append("".join(parts)[:LONGEST_WORD])
    return found


def is_correctable(word: str) -> bool:
    """Numbers and codes are meant as they are typed: 1024 is not a slip for 1025."""
    return len(word) >= SHORTEST_TO_CORRECT and is_learned(word)


def is_learned(word: str) -> bool:
    """Whether a word of a product is kept, to know that it is one and to correct others to it."""
    return len(word) >= SHORTEST_TO_LEARN and not any(letter.isdigit() for letter in word)


def most_slips(word: str) -> int:
    """How many slips a word may hold: one in a short word, two in one of eight letters or more."""
    return 1 if len(word) < 8 else 2


def corrections(word: str, candidates: Iterable[str], *, limit: int = 5) -> list[str]:
    """The candidates that are as few slips away from the word as any, up to `limit`; none within the bound: empty."""
    bound = most_slips(word)
    near = [(slips, other) for other in candidates if (slips := distance(word, other, bound)) is not None]
    least = min((slips for slips, _ in near), default=0)
    return [other for slips, other in near if slips == least][:limit]


def distance(left: str, right: str, bound: int) -> int | None:
    """Letters missing, added, replaced or swapped with their neighbour; None when more than `bound`.

    Source: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance (optimal string alignment).
    """
    if abs(len(left) - len(right)) > bound:
        return None
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        above, row = row, [i]
        for j, other in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return None
        before = above
    return row[-1] if row[-1] <= bound else None
