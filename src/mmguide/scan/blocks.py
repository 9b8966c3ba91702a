"""Stage scan: from lines to blocks. Follows pandoc's Markdown reader in what begins, interrupts and ends a block."""

from __future__ import annotations

from collections.abc import Sequence

from mmguide.scan import lines as pattern
from mmguide.scan.attributes import Attributes, attributes
from mmguide.scan.found import Blocks, Fenced, Leaf
from mmguide.scan.inlines import block_tag_end
from mmguide.scan.lines import Line
from mmguide.scan.lookahead import Lines
from mmguide.scan.tables import Rows, table_at


class BlockReader:
    """Reads the lines of one container after the other; `found` collects."""

    def __init__(self, text: str, max_depth: int) -> None:
        self.text = text
        self.max_depth = max_depth
        self.found = Blocks()

    def read(self, lines: Sequence[Line], depth: int, kind: str = "paragraph", outer_divs: int = 0) -> None:
        """All blocks in these lines; `kind` is what their paragraphs are called."""
        self.found.depth = max(self.found.depth, depth)
        if depth > self.max_depth:
            self.found.too_deep.append(lines[0][0] if lines else 0)
            return
        Container(self, lines, depth, kind, outer_divs).run()


class Container(Lines):
    """One container's lines: the whole section, a list item, a quote, a note, a cell."""

    def __init__(self, reader: BlockReader, lines: Sequence[Line], depth: int, kind: str, outer_divs: int) -> None:
        self.reader, self.found = reader, reader.found
        super().__init__(reader.text, lines)
        self.depth, self.kind, self.outer_divs = depth, kind, outer_divs
        self.rows = Rows(reader.text, self.lines)
        self.in_list = kind == "item"
        self.divs: list[Fenced] = []

    def run(self) -> None:
        i, n = 0, len(self.lines)
        readers = (
            self.fenced_code,
            self.bullet_item,
            self.div,
            self.heading,
            self.html,
            self.table,
            self.indented_code,
            self.quote,
            self.rule,
            self.ordered_item,
            self.definition,
            self.note,
            self.reference,
            self.paragraph,
        )
        # Most lines begin with a letter; all others of these begin with a sign, a digit or a space.
        of_letters = (self.heading, self.table, self.ordered_item, self.definition, self.paragraph)
        while i < n:
            if self.blank(i):
                i += 1
                continue
            line, start = self.at(i), self.lines[i]
            for reader in of_letters if line[0].isalpha() else readers:
                after = reader(i, line)
                if after > i or self.lines[i] != start:
                    break
            self.found.extents.append((start[0], self.lines[min(after, n) - 1][1] if after > i else self.lines[i][0]))
            i = after
        for fenced in self.divs:
            self.found.unclosed.append(fenced)

    # Each of these returns the number of the line behind the block, or the same number if the block does not begin here.

    def fenced_code(self, i: int, line: str) -> int:
        m = pattern.FENCE.match(line)
        if m is None:
            return i
        info, found = m["info"].strip(), None
        if info.startswith("{"):
            found = attributes(self.text, self.lines[i][0] + m.start("info"))
            if found is None and not info.startswith("{="):
                return i
        elif "{" in info:
            at = self.lines[i][0] + line.index("{")
            found = attributes(self.text, at)
        end = self.fence_end(i, m["fence"])
        if end < 0:
            return i
        body = (self.lines[i + 1][0], self.lines[end][0]) if end > i + 1 else (self.lines[end][0], self.lines[end][0])
        self.found.code.append((self.lines[i], found, body))
        return end + 1

    def bullet_item(self, i: int, line: str) -> int:
        m = pattern.BULLET.match(line)
        return i if m is None or pattern.RULE.match(line) else self.item(i, m.end())

    def ordered_item(self, i: int, line: str) -> int:
        m = pattern.ORDERED.match(line)
        if m is None:
            return i
        label = m["label"] or m["label2"] or m["label3"]
        if label:
            at = self.lines[i][0] + line.index("@")
            self.found.examples.setdefault(label, (at, at + 1 + len(label)))
        return self.item(i, m.end())

    def item(self, i: int, width: int) -> int:
        """A list item whose text begins `width` columns into line `i`: its lines, then its blocks."""
        inside: list[Line] = [(self.lines[i][0] + width, self.lines[i][1])]
        j, n = self.opaque(i, inside), len(self.lines)
        continued = False
        while j < n:
            line = self.at(j)
            if not line.strip():
                k = j
                while k < n and self.blank(k):
                    k += 1
                if k >= n or pattern.indent(self.at(k)) < width:
                    break
                inside += self.lines[j:k]
                j, continued = k, True
                continue
            if pattern.indent(line) >= width:
                s, e = self.lines[j]
                inside.append((s + width, e))
            elif self.ends_item(j, line, continued):
                break
            else:
                inside.append(self.lines[j])
            j = self.opaque(j, inside)
        self.reader.read(inside, self.depth + 1, "item", self.outer_divs + len(self.divs))
        return j

    def ends_item(self, j: int, line: str, continued: bool) -> bool:
        if pattern.is_list_start(line) or self.closes_div(line) or line.lstrip().lower().startswith(("</div", "</li")):
            return True
        m = None if continued else pattern.FENCE.match(line)
        return m is not None and self.fence_end(j, m["fence"]) >= 0

    def closes_div(self, line: str) -> bool:
        return self.outer_divs + len(self.divs) > 0 and pattern.DIV_CLOSE.match(line) is not None

    def div(self, i: int, line: str) -> int:
        if pattern.DIV_CLOSE.match(line):
            if not self.divs:
                return i
            fenced = self.divs.pop()
            fenced.end = self.lines[i][0]
            return i + 1
        opened = self.div_attributes(i, line)
        if opened is None:
            return i
        found, after = opened
        nested = self.outer_divs + len(self.divs) + self.depth
        fenced = Fenced(found, self.lines[i], nested + 1)
        if nested + 1 > self.reader.max_depth:
            self.found.too_deep.append(self.lines[i][0])
        self.found.depth = max(self.found.depth, nested + 1)
        self.divs.append(fenced)
        self.found.divs.append(fenced)
        return after

    def div_attributes(self, i: int, line: str) -> tuple[Attributes, int] | None:
        """What a line of colons opens, a class or a list of attributes, and the number of the line behind it."""
        m = pattern.DIV_OPEN.match(line)
        if m is None:
            return None
        start = self.lines[i][0] + m.end("colons")
        found = attributes(self.text, start)
        if found is not None:
            last = next((k for k in range(i, len(self.lines)) if self.lines[k][1] >= found.end), i)
            if not self.text[found.end : self.lines[last][1]].strip(" :"):
                return found, last + 1
        if m["word"] is None:
            return None
        end = start + len(m["word"])
        if m["word"].startswith("{"):
            self.found.unreadable.append((start, end))
        return Attributes("", (m["word"],), (), start, end), i + 1

    def heading(self, i: int, line: str) -> int:
        if i + 1 < len(self.lines) and pattern.UNDERLINE.match(self.at(i + 1)):
            level = 1 if self.at(i + 1)[0] == "=" else 2
            self.found.leaves.append(Leaf("heading", [self.lines[i]], level))
            return i + 2
        m = pattern.HEADING.match(line)
        if m is None:
            return i
        start, end = self.lines[i]
        self.found.leaves.append(Leaf("heading", [(start + m.start("text"), end)], len(m["marks"])))
        return i + 1

    def html(self, i: int, line: str) -> int:
        """Comments and tags of blocks at the beginning of a line; what stands behind them begins a block of its own."""
        if pattern.STYLE.match(line):
            last = max(i if "</style" in line.lower() else self.closing_line(i, "</style"), i)
        elif pattern.BLOCK_TAG.match(line):
            last = self.opaque(i) - 1
        else:
            return i
        start, end = self.lines[i][0], self.lines[last][1]
        at = start + pattern.indent(line)
        while (after := block_tag_end(self.text, at, end)) > at:
            at = after + pattern.indent(self.text[after:end])
        if at <= start + pattern.indent(line):
            return i
        first = next(k for k in range(i, last + 1) if at <= self.lines[k][1])
        self.found.leaves.append(Leaf("html", [*self.lines[i:first], (self.lines[first][0] if first > i else start, at)]))
        if at >= self.lines[first][1]:
            return first + 1
        # The caller goes on with what is left of this line.
        self.lines[first] = (at, self.lines[first][1])
        return first

    def table(self, i: int, line: str) -> int:
        """A table, with the caption that stands before or behind it."""
        begin, before = i, None
        if pattern.CAPTION.match(line):
            end = self.paragraph_end(i)
            begin, before = self.behind_blanks(end), Leaf("caption", self.lines[i:end])
            if begin == end or begin >= len(self.lines):
                return i
        found = table_at(self.rows, begin)
        if found is None:
            return i
        self.found.leaves += [before, *found.leaves] if before else found.leaves
        for cell in found.cells:
            self.reader.read(cell, self.depth + 1, "table", self.outer_divs + len(self.divs))
        after = self.behind_blanks(found.end)
        if before is not None or after >= len(self.lines) or not pattern.CAPTION.match(self.at(after)):
            return found.end
        end = self.paragraph_end(after)
        self.found.leaves.append(Leaf("caption", self.lines[after:end]))
        return end

    def indented_code(self, i: int, line: str) -> int:
        if pattern.indent(line) < 4:
            return i
        j = i
        while j < len(self.lines) and (self.blank(j) or pattern.indent(self.at(j)) >= 4):
            j += 1
        while self.blank(j - 1):
            j -= 1
        return j

    def quote(self, i: int, line: str) -> int:
        if not pattern.QUOTE.match(line):
            return i
        inside: list[Line] = []
        j = i
        while j < len(self.lines) and not self.blank(j):
            m = pattern.QUOTE.match(self.at(j))
            if m is None and self.closes_div(self.at(j)):
                break
            s, e = self.lines[j]
            inside.append((s + (m.end() if m else 0), e))
            j += 1
        self.reader.read(inside, self.depth + 1, self.kind, self.outer_divs + len(self.divs))
        return j

    def rule(self, i: int, line: str) -> int:
        return i + 1 if pattern.RULE.match(line) else i

    def definition(self, i: int, line: str) -> int:
        j = i + 1
        if self.blank(j):
            j += 1
        if j >= len(self.lines) or not pattern.DEFINITION.match(self.at(j)) or pattern.CAPTION.match(line):
            return i
        self.found.leaves.append(Leaf(self.kind, [self.lines[i]]))
        while j < len(self.lines):
            m = pattern.DEFINITION.match(self.at(j))
            if m is None:
                break
            s, e = self.lines[j]
            inside = [(s + m.end(), e)]
            j = self.indented(j + 1, inside)
            self.reader.read(inside, self.depth + 1, "item", self.outer_divs + len(self.divs))
            k = j + 1 if self.blank(j) else j
            if k < len(self.lines) and pattern.DEFINITION.match(self.at(k)):
                j = k
        return j

    def indented(self, j: int, inside: list[Line]) -> int:
        """Lines that go on lazily, then, behind blank ones, those indented by four."""
        n, lazy = len(self.lines), True
        while j < n:
            if self.blank(j):
                k = j
                while k < n and self.blank(k):
                    k += 1
                if k >= n or pattern.indent(self.at(k)) < 4:
                    break
                inside += self.lines[j:k]
                j, lazy = k, False
            line = self.at(j)
            if pattern.indent(line) >= 4:
                inside.append((self.lines[j][0] + 4, self.lines[j][1]))
            elif pattern.NOTE.match(line) or pattern.DEFINITION.match(line) or not lazy or self.closes_div(line):
                break
            else:
                inside.append(self.lines[j])
            j += 1
        return j

    def note(self, i: int, line: str) -> int:
        m = pattern.NOTE.match(line)
        if m is None:
            return i
        s, e = self.lines[i]
        inside = [(s + m.end(), e)]
        j = self.indented(i + 1, inside)
        self.found.notes.append((m["label"], (s, s + m.end()), self.lines[j - 1][1]))
        self.reader.read(inside, self.depth + 1, "note", self.outer_divs + len(self.divs))
        return j

    def reference(self, i: int, line: str) -> int:
        m = pattern.REFERENCE.match(line)
        if m is None:
            return i
        target, after = m["target"], i + 1
        if not target:
            if self.blank(i + 1):
                return i
            target, after = self.at(i + 1).split()[0], i + 2
        elif after < len(self.lines) and self.at(after).strip()[:1] in ("'", '"', "(") and not m["rest"].strip():
            after += 1
        self.found.references.append((m["label"], target.strip("<>"), self.lines[i]))
        return after

    def paragraph(self, i: int, line: str) -> int:
        end = self.paragraph_end(i)
        kind = "caption" if pattern.CAPTION.match(line) else self.kind
        self.found.leaves.append(Leaf(kind, self.lines[i:end]))
        return end

    def paragraph_end(self, i: int) -> int:
        j = self.opaque(i)
        while not self.blank(j):
            line = self.at(j)
            if self.in_list and pattern.is_list_start(line):
                break
            if self.closes_div(line) or (pattern.BLOCK_TAG.match(line) and not line.lstrip().startswith("<!--")):
                break
            fence = pattern.FENCE.match(line)
            if fence is not None and fence["fence"][0] == "`" and self.fence_end(j, fence["fence"]) >= 0:
                break
            j = self.opaque(j)
        return j
