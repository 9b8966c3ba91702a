"""Stage render, PDF: from the HTML elements and the harvested pieces to the structure tree."""

from __future__ import annotations

from mmguide.render.pdf.tags import tables
from mmguide.render.pdf.tags.content import CALLS, LABELS, Harvest, LinkArea, Mark, by_element
from mmguide.render.pdf.tags.dom import Element, collapse, formula_text, is_hidden, language, local_name
from mmguide.render.pdf.tags.flows import settle_words
from mmguide.render.pdf.tags.lists import numbering
from mmguide.render.pdf.tags.profiles import Profile
from mmguide.render.pdf.tags.roles import TEXT_ONLY, heading_level, is_unit, is_unit_label, named_role
from mmguide.render.pdf.tags.tree import Node, attach, label, prune


class Builder:
    """Walks the HTML tree once; each element adds to the structure element it stands in."""

    def __init__(self, found: Harvest, profile: Profile) -> None:
        self.found, self.profile, self.tree = found, profile, found.tree
        self.marks = by_element(found.marks)
        self.areas: dict[Element, list[LinkArea]] = {}
        for area in found.areas:
            self.areas.setdefault(area.element, []).append(area)
        self.node_of: dict[Element, Node] = {}
        self.level = 0
        self.holds_block: dict[Element, bool] = {}
        self.alive: set[Element] = set()
        self._survey(self.tree.root)

    def build(self) -> Node:
        document = Node("Document", self.tree.body)
        self.node_of[self.tree.body] = document
        self._content(self.tree.body, document)
        self._rescue(document)
        settle_words(document)
        prune(document)
        for number, node in enumerate((each for each in document.nodes() if each.role == "Table"), start=1):
            tables.complete(node, f"table-{number}")
        for number, node in enumerate((each for each in document.nodes() if each.role in ("Note", "FENote")), start=1):
            node.identifier = f"note-{number}"
        return document

    def _rescue(self, document: Node) -> None:
        """What no element took up stands at the end rather than nowhere."""
        placed = {id(mark) for mark in document.marks()}
        for mark in self.found.marks:
            if not mark.artifact and not mark.blank and id(mark) not in placed:
                attach(document, mark)

    def _survey(self, element: Element) -> None:
        """Which elements reached a page at all, and which hold blocks (the body of a footnote counts elsewhere)."""
        alive = element in self.found.seen or element in self.marks
        holds = False
        for child in element:
            if not isinstance(child.tag, str):
                continue
            self._survey(child)
            alive = alive or child in self.alive
            holds = holds or ((child in self.found.blocks or self.holds_block[child]) and child not in self.found.notes)
        self.holds_block[element] = holds
        if alive:
            self.alive.add(element)

    # -- one element ---------------------------------------------------------------------------------------------------

    def _element(self, element: Element, parent: Node) -> None:
        if element not in self.alive or is_hidden(element):
            return
        if element in self.found.notes:
            self._note(element, parent)
            return
        node = self._open(element, parent)
        self._content(element, node)

    def _open(self, element: Element, parent: Node) -> Node:
        """The structure element for `element` below `parent`; `parent` itself where the element is transparent."""
        role = self._role(element, parent)
        if role is None:
            self.node_of[element] = parent
            return parent
        node = Node(role, element, language=language(element) if element is not self.tree.body else None)
        self._describe(node, element)
        attach(self._home(node, parent, element), node)
        self.node_of[element] = node
        return node

    def _role(self, element: Element, parent: Node) -> str | None:
        role = named_role(element, self.tree, self.profile.modern)
        if role == "Link" and element not in self.areas:
            role = None
        if role == "Figure" and not self.tree.described(element):
            return None
        if heading_level(element):
            return self._heading(heading_level(element) or 1, parent)
        if role is None and element in self.found.blocks and element is not self.tree.body:
            role = self._plain_block(element)
        if role in ("P", "Div", "Sect") and parent.role in TEXT_ONLY:
            return "Span" if language(element) else None
        return role

    def _plain_block(self, element: Element) -> str | None:
        """A block without meaning of its own is a paragraph if it holds text, a division if it mixes text and blocks."""
        if not self.holds_block[element]:
            return "P"
        own = any(not mark.pseudo and mark.text.strip() for mark in self.marks.get(element, ()))
        return "Div" if own or language(element) else None

    def _heading(self, wanted: int, parent: Node) -> str | None:
        """Levels never skip: a reader that jumps from heading to heading would think that a part is missing."""
        if parent.role in TEXT_ONLY:
            return None
        self.level = min(wanted, self.level + 1)
        return f"H{self.level}"

    def _home(self, node: Node, parent: Node, element: Element) -> Node:
        """Where a node belongs when its type asks for a wrapper that HTML has no element for."""
        if node.role == "Link" and self._in_contents(element):
            reference = Node("Reference")
            attach(parent, reference)
            return reference
        if parent.role == "L" and local_name(element) in ("dt", "dd"):
            return self._definition_item(parent, node.role)
        return parent

    def _in_contents(self, element: Element) -> bool:
        nodes = (self.node_of.get(each) for each in self.tree.ancestors(element))
        return any(node is not None and node.role == "TOCI" for node in nodes)

    def _definition_item(self, parent: Node, role: str) -> Node:
        """A term opens a new item unless the last item has no definition yet."""
        last = parent.children()[-1] if parent.children() else None
        if last is None or (role == "Lbl" and any(kid.role == "LBody" for kid in last.children())):
            last = Node("LI")
            parent.kids.append(last)
        return last

    def _describe(self, node: Node, element: Element) -> None:
        """What an element says beside its words."""
        name = local_name(element)
        if name == "abbr":
            node.expansion = collapse(element.get("title") or "") or None
        if node.role == "Figure":
            node.alt = self.tree.described(element)
        if node.role == "Formula":
            node.alt = formula_text(element)
        if node.role == "L":
            node.attributes["List"] = {"ListNumbering": "/" + numbering(element, self.found, self.profile)}
        if self.profile.modern and name in ("sup", "sub"):
            node.attributes["Layout"] = {"TextPosition": "/Sup" if name == "sup" else "/Sub"}
        if is_unit(element) or element.get("aria-labelledby") or (node.role == "Sect" and element.get("aria-label")):
            node.title = self._title(element)

    def _title(self, element: Element) -> str | None:
        pointed = self.tree.by_id.get((element.get("aria-labelledby") or "").split(" ")[0])
        if pointed is None and not element.get("aria-label"):
            pointed = next((each for each in element.iter() if is_unit_label(each)), None)
        if pointed is not None:
            return collapse("".join(pointed.itertext())) or None
        return collapse(element.get("aria-label") or "") or None

    # -- what an element holds --------------------------------------------------------------------------------------------

    def _content(self, element: Element, node: Node) -> None:
        marks = self.marks.get(element, [])
        for mark in marks:
            if mark.pseudo in LABELS:
                self._label(mark, node)
        for mark in marks:
            if mark.pseudo == "before":
                attach(node, mark)
        for area in self.areas.get(element, ()):
            if node.role in ("Link", "Reference"):
                attach(node, area)
        self._running(element, node, [mark for mark in marks if not mark.pseudo])
        for mark in marks:
            if mark.pseudo and mark.pseudo not in LABELS and mark.pseudo != "before" and mark.pseudo not in CALLS:
                mark.space_before = mark.space_before or element in self.found.leaders
                attach(node, mark)

    def _running(self, element: Element, node: Node, marks: list[Mark]) -> None:
        """The element's own words between its children, in the order of the source."""
        waiting = sorted(marks, key=lambda mark: mark.slot)
        at = 0
        for index, child in enumerate(element):
            while at < len(waiting) and waiting[at].slot <= index:
                attach(node, waiting[at])
                at += 1
            if isinstance(child.tag, str):
                self._element(child, node)
        for mark in waiting[at:]:
            attach(node, mark)

    def _label(self, mark: Mark, node: Node) -> None:
        if node.role in ("LI", "TOCI", "Note", "FENote"):
            label(node).kids.append(mark)
        else:
            attach(node, mark)

    # -- notes ----------------------------------------------------------------------------------------------------------------

    def _note(self, element: Element, parent: Node) -> None:
        """The call stays in its line, the note stands right after it, and each names the other."""
        calls = [mark for mark in self.marks.get(element, ()) if mark.pseudo in CALLS]
        note = Node("FENote" if self.profile.modern else "Note", element, language=language(element))
        if self.profile.modern:
            note.attributes["FENote"] = {"NoteType": "/Footnote"}
        if calls:
            reference = Node("Reference")
            attach(parent, reference)
            call = Node("Lbl")
            reference.kids.append(call)
            call.kids.extend(calls)
            reference.refs.append(note)
            note.refs.append(reference)
        attach(parent, note)
        self.node_of[element] = note
        self._content(element, note)
