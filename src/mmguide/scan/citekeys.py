"""Stage scan: the grammar of citation keys, cross-references and citations cut short, as pandoc reads them."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category, combining, normalize

_SIMPLE = re.compile(r"[^\W_](?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*|[_*](?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*")
_DECOMPOSED = re.compile(r"[^\W_][\u0300-\u036f]*(?:\w[\u0300-\u036f]*|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*")
_BRACED = re.compile(r"\{(?!\})[^\s{}]*(?:\{[^\s{}]*\}[^\s{}]*)*\}")
_CROSS = re.compile(r"(fig|tbl|sec|rec|eq|lst)[:-](.+)", re.DOTALL)
# What may stand behind a key that ended too early: the rest of a DOI or of an address, up to a space or the citation's end.
_REST = re.compile(r"[^\s;\]]{1,200}")
_GOES_ON = "=(</#%&+~?$"
_SENTENCE_END = ".,:!?*_'\"’”»)"


class Key(NamedTuple):
    """A key behind `@`: `end` is where its text ends, `cut` what pandoc left of it."""

    key: str
    end: int
    cut: str = ""
    braced: bool = False


def key_at(text: str, at: int) -> Key | None:
    """The key whose `@` stands at `at`."""
    m = _SIMPLE.match(text, at + 1)
    if m is not None:
        if m.end() < len(text) and combining(text[m.end()]) and (whole := _composed(text, at + 1)) is not None:
            return whole
        return Key(m.group(), m.end(), _cut(text, m))
    m = _BRACED.match(text, at + 1)
    return Key(m.group()[1:-1], m.end(), braced=True) if m is not None else None


def _composed(text: str, start: int) -> Key | None:
    """A key whose accents are signs of their own, when it is an ordinary key in Unicode form C: pandoc is given that form."""
    m = _DECOMPOSED.match(text, start)
    composed = normalize("NFC", m.group()) if m is not None else ""
    simple = _SIMPLE.fullmatch(composed)
    return Key(composed, m.end(), _cut(text, m)) if m is not None and simple is not None else None


def suppresses_author(text: str, at: int) -> bool:
    """True if a single minus that belongs to the citation stands before the `@` at `at`."""
    return at > 0 and text[at - 1] == "-" and not (at > 1 and (text[at - 2] == "-" or _word_end(text, at - 1)))


def after_word(text: str, at: int) -> bool:
    """True if the `@` at `at` follows a word, as in an e-mail address: then it is no citation."""
    return at > 0 and _word_end(text, at)


def cross_reference(key: str) -> str | None:
    """`fig:x` for the keys of cross-references (`fig:x`, `fig-x`), None for citations."""
    m = _CROSS.fullmatch(key)
    return f"{m[1]}:{m[2]}" if m else None


def _word_end(text: str, at: int) -> bool:
    last = text[at - 1]
    if last == ".":
        return not text.endswith("...", 0, at)
    return last.isalnum()


def _cut(text: str, m: re.Match[str]) -> str:
    end = m.end()
    if end >= len(text):
        return ""
    first = text[end]
    if category(first) in ("Mn", "Mc"):
        rest = _REST.match(text, end)
        return rest.group().rstrip(_SENTENCE_END) if rest else ""
    if first not in _GOES_ON:
        return ""
    rest = _REST.match(text, end)
    shown = rest.group() if rest else ""
    if first == "(" and not _is_identifier(m.group()):
        return ""
    if first == "<" and _TAG.match(shown):
        return ""
    shown = shown.rstrip(".,:!?*_'\"’”»")
    if shown.count(")") > shown.count("("):
        shown = shown[: shown.rfind(")")]
    return shown if any(c.isalnum() for c in shown) else ""


_TAG = re.compile(r"</?[A-Za-z]+/?>|<!--")


def _is_identifier(key: str) -> bool:
    """True for identifiers of databases (`doi:10.1016/0006-2944`), which may hold brackets; `smith2010(p` is a locator."""
    return ":" in key or "/" in key
