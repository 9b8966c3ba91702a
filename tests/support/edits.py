"""Random edits of a tree, such as an author makes: of words, links, citations, headings, items, rows, cells, notes, code, boxes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from mmguide.ast import Blocks, Element, Inlines, attr_of, citation, iterate
from mmguide.converting import parse

WORDS = ("dose", "trial", "patients", "weeks", "10", "mg", "(low)", "risk,", "survival.", "naïve", "β2")
NEW_BLOCKS = """
A new paragraph with *weight* and [a link](https://example.org/new).

- new item
- another new item

> Somebody said this.

```
code  line
second
```

Term
: What it means.

| A | B |
|---|---|
| new | row |

| one line
| and another

* * *

## New heading {.unnumbered}
"""

# One of every construct that an edit can meet.
EXCERPT = """
# Scope {#sec:scope}

For *adults who* have finished **treatment** [@one; @two, p. 3]. A dose of 10 µg, “quoted words” and
`code`.[^note] See [the site](https://example.org/a) and $x^2$.

[^note]: A note at the foot, with **weight**.

    Its second paragraph.

::: {.recommendation #rec:first strength="strong" number="1.1"}
::: recommendation-label
[Recommendation 1.1]{.recommendation-number} [·]{.separator} [Strong]{.recommendation-strength}
:::

We recommend the thing [@one].

- with one reason
- and with another

Last words.
:::

1. First step of the work.
2. Second step of the work.

    With a paragraph.

| Drug | Dose | Note |
|------|-----:|------|
| Lenalidomide | 10 mg | daily |
| Thalidomide | 50 mg | nightly, if *needed* |
| Ixazomib | 4 mg | |

: A caption of the table [@two].

> A quotation of some length.

```
x = 1
y = 2
```

Term one
: Its meaning.

Term two
: Another meaning.

| Line one
| line two

A paragraph of its own, long enough that one can be sure it moved [@one].[^far]

[^far]: What moves along with it.

### A step on the way {.unnumbered}

Whoever reads this far has seen every kind of block that a guideline is made of.

## Where they disagree {#sec:where}

The last paragraph of the excerpt says little.
"""


@cache
def excerpt() -> Blocks:
    """The tree that is edited."""
    return parse(EXCERPT)


@cache
def _new_blocks() -> Blocks:
    return [b for b in parse(NEW_BLOCKS) if b["t"] != "Header"]


class Editor:
    """Edits copies of a tree; `random` decides everything."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._new = _new_blocks()

    def edited(self, tree: Blocks, count: int) -> Blocks:
        made = deepcopy(tree)
        for _ in range(count):
            words = (self._words,) * 3
            self._random.choice((*words, self._blocks, self._moves, self._items, self._rows, self._single))(made)
        return made

    def _words(self, tree: Blocks) -> None:
        """Something in a line of words."""
        lines = [line for line in _lines(tree) if line]
        if not lines:
            return
        line = self._random.choice(lines)
        at = self._random.randrange(len(line))
        edits = [self._replace, self._insert, self._remove, self._wrap, self._cite]
        # No note stands in a note.
        in_notes = {id(inner) for e in iterate(tree) if e["t"] == "Note" for inner in _lines(e["c"])}
        self._random.choice(edits if id(line) in in_notes else [*edits, self._footnote])(line, at)

    def _replace(self, line: Inlines, at: int) -> None:
        if line[at]["t"] == "Str":
            line[at] = {"t": "Str", "c": self._random.choice(WORDS)}

    def _insert(self, line: Inlines, at: int) -> None:
        line[at:at] = [{"t": "Str", "c": self._random.choice(WORDS)}, {"t": "Space"}]

    def _remove(self, line: Inlines, at: int) -> None:
        if sum(e["t"] == "Str" for e in line) > 2:
            del line[at : at + self._random.randint(1, 3)]

    def _wrap(self, line: Inlines, at: int) -> None:
        kind = self._random.choice(("Emph", "Strong", "Strikeout", "Superscript", "SmallCaps", "Quoted", "Link"))
        inside = [e for e in line[at : at + 3] if e["t"] in ("Str", "Space")]
        if not any(e["t"] == "Str" for e in inside):
            return
        made: Element = {"t": kind, "c": inside}
        if kind == "Quoted":
            made["c"] = [{"t": "DoubleQuote"}, inside]
        elif kind == "Link":
            made["c"] = [["", [], []], inside, ["https://example.org/" + self._random.choice(WORDS[:3]), ""]]
        line[at : at + 3] = [made]

    def _cite(self, line: Inlines, at: int) -> None:
        line[at:at] = [citation(self._random.choice(("one", "two"))), {"t": "Space"}]

    def _footnote(self, line: Inlines, at: int) -> None:
        if not any(e["t"] == "Note" for e in iterate(line)):
            line.insert(at, {"t": "Note", "c": [{"t": "Para", "c": [{"t": "Str", "c": self._random.choice(WORDS)}]}]})

    def _blocks(self, tree: Blocks) -> None:
        """A block comes, goes or moves."""
        holder = self._random.choice([tree, tree, *_holders(tree)])
        # The label of a box, which the compiler prints, stays where it is.
        first = int(bool(holder) and _is_label(holder[0]))
        at = self._random.randrange(first, len(holder) + 1)
        if self._random.random() < 0.4:
            holder.insert(at, deepcopy(self._random.choice(self._new)))
        elif len(holder) > 1 + first:
            chosen = self._random.randrange(first, len(holder))
            if _pointed_at(holder[chosen], tree):
                return
            gone = holder.pop(chosen)
            if self._random.random() < 0.4:
                holder.insert(self._random.randrange(first, len(holder) + 1), gone)

    def _moves(self, tree: Blocks) -> None:
        """Some blocks that follow each other move to another place of the text."""
        first = self._random.randrange(len(tree))
        run = tree[first : first + self._random.randint(1, 3)]
        # What is counted would have another number there.
        counted = any(attr_of(e).get("number") for e in iterate(run))
        if counted or len(run) == len(tree) or any(_pointed_at(block, tree) for block in run):
            return
        del tree[first : first + len(run)]
        at = self._random.randrange(len(tree) + 1)
        tree[at:at] = run

    def _items(self, tree: Blocks) -> None:
        lists = [
            e["c"] if e["t"] == "BulletList" else e["c"][1] for e in iterate(tree) if e["t"] in ("BulletList", "OrderedList")
        ]
        if lists:
            items = self._random.choice(lists)
            self._one(items, lambda: [{"t": "Plain", "c": [{"t": "Str", "c": self._random.choice(WORDS)}]}])

    def _rows(self, tree: Blocks) -> None:
        bodies = [body for e in iterate(tree) if e["t"] == "Table" for body in e["c"][4]]
        if bodies:
            rows = self._random.choice(bodies)[3]
            self._one(rows, lambda: self._row(rows[0]))

    def _row(self, like: list[Any]) -> list[Any]:
        made = deepcopy(like)
        for cell in made[1]:
            word = self._random.choice((*WORDS, ""))
            cell[4] = [{"t": "Plain", "c": [{"t": "Str", "c": word}]}] if word else []
        return made

    def _one(self, things: list[Any], new: Callable[[], Any]) -> None:
        """One thing of several comes or goes."""
        if self._random.random() < 0.5 and len(things) > 1:
            del things[self._random.randrange(len(things))]
        else:
            things.insert(self._random.randrange(len(things) + 1), new())

    def _single(self, tree: Blocks) -> None:
        """A heading's level, a line of code, a cell emptied."""
        chosen = [e for e in iterate(tree) if e["t"] in ("CodeBlock", "Code", "Table")]
        if not chosen:
            return
        element = self._random.choice(chosen)
        if element["t"] == "Table":
            rows = element["c"][4][0][3]
            self._random.choice(self._random.choice(rows)[1])[4] = []
        else:
            element["c"][1] += self._random.choice((" x", "y"))


def _lines(tree: Blocks) -> list[Inlines]:
    """Every list of words: of paragraphs, headings, terms, notes, captions, and of emphasis and links in them.

    Not of printed citations, which nobody writes.
    """
    out = []
    printed = {id(inner) for e in iterate(tree) if e["t"] == "Cite" for inner in iterate(e["c"])}
    for e in iterate(tree):
        if id(e) in printed:
            continue
        if e["t"] in ("Para", "Plain", "Emph", "Strong"):
            out.append(e["c"])
        elif e["t"] == "Header":
            out.append(e["c"][2])
        elif e["t"] == "LineBlock":
            out += e["c"]
        elif e["t"] == "DefinitionList":
            out += [term for term, _ in e["c"]]
        elif e["t"] == "Link" and "crossref" not in attr_of(e).classes:
            out.append(e["c"][1])
    return out


def _is_label(block: Element) -> bool:
    return "recommendation-label" in attr_of(block).classes


def _pointed_at(block: Element, tree: Blocks) -> bool:
    """Whether a cross-reference leads into a block: without it the text would not be assembled, and numbers be others."""
    links = (e for e in iterate(tree) if e["t"] == "Link" and "crossref" in attr_of(e).classes)
    return bool({link["c"][2][0].removeprefix("#") for link in links} & {attr_of(e).id for e in iterate([block])})


def _holders(tree: Blocks) -> list[Blocks]:
    """Every list of blocks below the tree: of boxes, items, cells, notes, quotations, meanings."""
    out: list[Blocks] = []
    for e in iterate(tree):
        if e["t"] == "Div" and not _is_label(e):
            out.append(e["c"][1])
        elif e["t"] in ("BlockQuote", "Note"):
            out.append(e["c"])
        elif e["t"] == "BulletList":
            out += e["c"]
        elif e["t"] == "OrderedList":
            out += e["c"][1]
        elif e["t"] == "DefinitionList":
            out += [meaning for _, meanings in e["c"] for meaning in meanings]
        elif e["t"] == "Table":
            out += [cell[4] for body in e["c"][4] for row in body[3] for cell in row[1] if cell[4]]
    return out
