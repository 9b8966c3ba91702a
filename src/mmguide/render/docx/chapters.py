"""Render, Word: the rewritten text by chapters: each is written and finished once, and kept under everything that it depends on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from mmguide import pandoc
from mmguide.ast import Blocks
from mmguide.cache import Cache, Entry, key_of
from mmguide.processors import processors
from mmguide.render.docx.fields import mark, raw_block
from mmguide.render.docx.finish import Chapter, finished
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import CHAPTER
from mmguide.render.docx.reference import reference
from mmguide.workers import Crew

# So much of a text, as JSON, is worth a process of its own.
_WORTH = 300_000


def divided(blocks: Blocks) -> list[Blocks]:
    """The blocks in front, and each chapter; all but the last end with a mark, so that each knows that something follows."""
    starts = [i for i, block in enumerate(blocks) if i and block["t"] == "Header" and block["c"][0] == 1]
    ends = [*starts, len(blocks)]
    parts = [blocks[start:end] for start, end in zip([0, *starts], ends, strict=True)]
    return [*([*part, raw_block(mark(CHAPTER))] for part in parts[:-1]), parts[-1]]


def written(parts: Sequence[Blocks], look: Look, limits: pandoc.Limits, cache: Cache) -> list[Chapter]:
    """The finished chapter of each part: from the cache, or written by as few processes as there are processors."""
    texts = [json.dumps(part, ensure_ascii=False) for part in parts]
    shared = (pandoc.executable(), str(limits), look.theme.as_json(), look.paper, look.language, str(look.embedded))
    keys = [key_of("word chapter", *shared, text) for text in texts]
    made = {number: _from_entry(entry) for number, key in enumerate(keys) if (entry := cache.get(key))}
    missing = [number for number in range(len(parts)) if number not in made]
    shares = _shares(missing, [len(text) for text in texts])
    for at, done in _by_share([[texts[number] for number in share] for share in shares], look, limits, cache):
        for number, chapter in zip(shares[at], done, strict=True):
            made[number] = chapter
            cache.put(keys[number], {"lists": chapter.lists, "body": len(chapter.body)}, chapter.body + chapter.notes)
    return [made[number] for number in range(len(parts))]


def _from_entry(entry: Entry) -> Chapter:
    size = entry.facts["body"]
    return Chapter(entry.content[:size], entry.content[size:], tuple((form, start) for form, start in entry.facts["lists"]))


def _shares(missing: Sequence[int], sizes: Sequence[int]) -> list[list[int]]:
    """Neighbouring chapters in shares of about the same size, each worth a process."""
    total = sum(sizes[number] for number in missing)
    count = max(1, min(processors(), total // _WORTH))
    shares: list[list[int]] = [[] for _ in range(count)]
    done = 0
    for number in missing:
        shares[min(count - 1, done * count // max(1, total))].append(number)
        done += sizes[number]
    return [share for share in shares if share]


def _by_share(
    shares: Sequence[Sequence[str]], look: Look, limits: pandoc.Limits, cache: Cache
) -> Iterable[tuple[int, list[Chapter]]]:
    """The chapters of each share with its number, as they are done."""
    styled = reference(look, cache) if shares else b""

    def work(share: Sequence[str]) -> list[Chapter]:
        return finished(pandoc.write_docx(share, styled, limits), len(share), look)

    if len(shares) > 1:
        return Crew(work, shares, [1] * len(shares), len(shares))
    return enumerate(work(share) for share in shares)
