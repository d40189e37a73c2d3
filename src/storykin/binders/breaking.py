"""Binders: where lines end. Least squares over all ways to break, in every writing: at spaces, between Chinese and Japanese letters, between Thai words.

Nothing is ever hyphenated.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from storykin.binders.letters import WIDE, Face, width_of

TITLE_FACE: Face = "Grandstander-Bold"

_ABBREVIATED = {"mr", "mrs", "ms", "dr", "st", "prof", "no"}
_WEAK = frozenset(
    ("a", "an", "the", "i", "of", "to", "in", "on", "at", "by", "my", "her", "his", "our", "your", "their", "its",
     "and", "or", "but", "so", "as", "if", "with", "for", "from", "no")
)  # fmt: skip
_TIE = "\u00a0"
_SPACE = re.compile("[^\\S\u00a0\u202f\u3000]+")  # at these spaces a line may end
_WIDE = re.compile(f"[{WIDE}]")
_PHRASED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)  # Thai, Lao, Burmese, Khmer: spaces part phrases, not words
_NEVER_FIRST = frozenset(
    "、。，．・：；？！‼⁇⁈⁉」』）〕］｝〉》】〙〗”’…‥—ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ〜～,.!?;:)]}%\u3000"
)
_NEVER_LAST = frozenset("「『（〔［｛〈《【〘〖“‘([{")

Piece = tuple[str, bool]
"""Letters that no line parts, and whether a space stands before them."""


@lru_cache(maxsize=4_000)
def pieces_of(paragraph: str, names: bool) -> tuple[Piece, ...]:
    """The unbreakable pieces: words, with titles, the last two words and, if wanted, names tied together; where words are not parted, letters or words found by typst."""
    words = [word for word in _SPACE.split(paragraph) if word]
    pieces: list[Piece] = []
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        opens = (
            not before
            or before[-1] in '.!?:…”"'
            or (at > 1 and before[0].isupper() and words[at - 2][-1] in ".!?")
        )
        name = word[0].isupper() and before[:1].isupper() and not opens and before not in {"I", "I'm", "I’m"}
        titled = before.rstrip(".").lower() in _ABBREVIATED and word[0].isupper()
        ends = at == len(words) - 1 and len(words) > 3 and len(before) + len(word) < 16
        if pieces and (titled or ends or (names and name and pieces[-1][0].count(_TIE) < 2)):
            pieces[-1] = (pieces[-1][0] + _TIE + word.replace("\u200b", ""), pieces[-1][1])
        else:
            pieces += [(part, at > 0 and not nr) for nr, part in enumerate(_parts(word))]
    return tuple(pieces)


def _parts(word: str) -> list[str]:
    """A word in the parts between which a line may end."""
    if "\u200b" in word:  # somebody said where
        return [part for one in word.split("\u200b") if one for part in _parts(one)]
    if _PHRASED.search(word):
        return list(_words_in(word))
    parts = [word[0]]
    for before, letter in pairwise(word):
        wide = _WIDE.match(before) or _WIDE.match(letter)
        if wide and letter not in _NEVER_FIRST and before not in _NEVER_LAST:
            parts.append(letter)
        else:
            parts[-1] += letter
    return parts


_FINDER = b"""
#set page(width: 9cm, height: auto)
#set text(lang: "th", hyphenate: false)
#box(width: 0.1pt, for letter in sys.inputs.words.clusters() { letter; [#metadata(letter)<at>] })
#context [#metadata(query(<at>).map(one => (one.value, one.location().page(), one.location().position().y.pt()))) <all>]
"""


@lru_cache(maxsize=1_000)
def _words_in(phrase: str) -> tuple[str, ...]:
    """The words of a phrase that is written without spaces: where typst would end lines, which knows such languages.

    Typst sets the phrase in a column without width; what stays on one line is one word.
    """
    import typst

    finder = typst.Compiler(_FINDER, ignore_system_fonts=True, font_paths=[], sys_inputs={"words": phrase})
    placed = json.loads(finder.query("<all>", field="value", one=True))
    words: list[str] = []
    last: object = None
    for letters, page, y in placed:
        if (page, round(y, 1)) == last:
            words[-1] += letters
        else:
            words.append(letters)
        last = (page, round(y, 1))
    return tuple(words) if "".join(words) == phrase else (phrase,)


def _greedy(widths: list[float], spaces: list[float], limit: float) -> int:
    """The least number of lines, 0 when a piece is wider than a line."""
    lines, used = 1, 0.0
    for at, width in enumerate(widths):
        if width > limit:
            return 0
        if used and used + spaces[at] + width > limit:
            lines, used = lines + 1, width
        else:
            used += width + (spaces[at] if used else 0.0)
    return lines


@lru_cache(maxsize=4_000)
def broken(paragraph: str, limit: float, face: Face, most: int = 99) -> tuple[str, ...]:
    """Lines of at most `limit` ems: as few as can be, of even length, broken where a reader breathes.

    Least squares over all ways to break, as in Knuth and Plass (1981). Empty when a word is too wide or more than
    `most` lines are needed.
    """
    tied = _whole(pieces_of(paragraph, names=face != TITLE_FACE), limit, face)  # a headline is all capitals
    # A tie that is wider than the line holds nobody.
    parted = [
        (word, spaced or nr > 0)
        for piece, spaced in tied
        for nr, word in enumerate(piece.split(_TIE) if width_of(piece, face) > limit else [piece])
    ]
    pieces = [piece for piece, _ in parted]
    space = width_of(" ", face)
    widths, spaces = [width_of(piece, face) for piece in pieces], [space * spaced for _, spaced in parted]
    count = _greedy(widths, spaces, limit)
    if count <= 1:
        return (_joined(pieces, spaces),) if count else ()
    if count > most:
        return ()
    ideal = max((sum(widths) + sum(spaces)) / count, 0.7 * limit)
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for end in range(1, len(pieces) + 1):
        used = 0.0
        for start in range(end - 1, -1, -1):
            used += widths[start] + (spaces[start + 1] if start + 1 < end else 0.0)
            if used > limit:
                break
            badness = ((ideal - used) / limit) ** 2
            if end == len(pieces):
                badness *= 0.4
                alone = end - start == 1 and _TIE not in pieces[start]
                badness += (1.0 if alone else 0.0) + (0.1 if used < 0.25 * limit else 0.0)
            else:
                badness += _breath(pieces[end - 1])
                if end - start > 1 and pieces[end - 2].rstrip('"”’')[-1:] in {".", "!", "?"}:
                    badness += 0.04  # the first word of a sentence, left behind
            for line in range(count):
                if (start, line) in best:
                    total = best[start, line][0] + badness
                    if total < best.get((end, line + 1), (1e9, 0))[0]:
                        best[end, line + 1] = (total, start)
    cuts, line = [len(pieces)], count
    while cuts[-1]:
        cuts.append(best[cuts[-1], line][1])
        line -= 1
    cuts.reverse()
    return tuple(_joined(pieces[a:b], spaces[a:b]) for a, b in pairwise(cuts))


def _whole(pieces: tuple[Piece, ...], limit: float, face: Face) -> tuple[Piece, ...]:
    """Words in one piece where spaces show them between wide letters, as in Japanese for those who learn to read, and every line holds them."""
    if not any(spaced and _WIDE.match(one) and _WIDE.match(last[-1]) for (last, _), (one, spaced) in pairwise(pieces)):  # fmt: skip
        return pieces
    words: list[Piece] = []
    for piece, spaced in pieces:
        if spaced or not words or words[-1][0][-1] in "、。！？」』":
            words.append((piece, spaced))
        else:
            words[-1] = (words[-1][0] + piece, words[-1][1])
    return tuple(words) if all(width_of(word, face) <= limit for word, _ in words) else pieces


def weak_end(line: str) -> bool:
    """Whether a line ends in a word that leans on the next one, like "the"."""
    return _breath(line.rsplit(maxsplit=1)[-1]) > 0


def _breath(piece: str) -> float:
    """What a line's end costs after that piece: little after a comma, much after "the"."""
    if piece[-1] in ".,;:!?…—–”。、，！？：；」』،؟؛":
        return -0.02
    return 0.03 if piece.rsplit(_TIE, 1)[-1].lower().strip("“‘\"'") in _WEAK else 0.0


def _joined(pieces: Sequence[str], spaces: list[float]) -> str:
    joined = "".join((" " if at and spaces[at] else "") + piece for at, piece in enumerate(pieces))
    return joined.replace(_TIE, " ").rstrip("\u3000")
