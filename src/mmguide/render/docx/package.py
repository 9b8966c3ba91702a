"""Render, Word: the package of a Word file as parts, written so that the same parts give the same bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from msgspec import Struct, field

from mmguide.render.docx.ooxml import CT, OFFICE, REL, parse, serialize

# Zip knows no time before 1980; no output depends on the day it was made.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
_TYPES = (
    f'<Types xmlns="{CT}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


class Package(Struct):
    """A file being made: XML parts as trees (`xml`), everything else as bytes (`blobs`). Local to one rendering."""

    xml: dict[str, Any] = field(default_factory=lambda: {"[Content_Types].xml": parse(_TYPES.encode())})
    blobs: dict[str, bytes] = {}
    _related: dict[tuple[str, str, str], str] = {}

    def write(self) -> bytes:
        """The zip: parts in a fixed order, with a fixed time and compression."""
        parts = {**self.blobs, **{name: serialize(root) for name, root in self.xml.items()}}
        names = [n for n in _FIRST if n in parts] + sorted(n for n in parts if n not in _FIRST)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o600 << 16
                archive.writestr(info, parts[name])
        return out.getvalue()

    def add(self, name: str, content: Any, content_type: str) -> None:
        """Add a part, bytes or a tree; one that is there stays."""
        if name in self.xml or name in self.blobs:
            return
        types = self.xml["[Content_Types].xml"]
        types.append(types.makeelement(f"{{{CT}}}Override", PartName=f"/{name}", ContentType=content_type))
        if isinstance(content, bytes) and not name.endswith(".xml"):
            self.blobs[name] = content
        else:
            self.xml[name] = parse(content) if isinstance(content, bytes) else content

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """The id of a relationship from `part` ('' for the package) to `target`, made when it is not there yet."""
        full = kind if "/" in kind else f"{OFFICE}/{kind}"
        key = (part, full, target)
        if key not in self._related:
            root = self._relationships(part)
            made = root.makeelement(f"{{{REL}}}Relationship", Id=f"rId{len(root) + 1}", Type=full, Target=target)
            if external:
                made.set("TargetMode", "External")
            root.append(made)
            self._related[key] = made.get("Id")
        return self._related[key]

    def _relationships(self, part: str) -> Any:
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels" if part else "_rels/.rels"
        if path not in self.xml:
            self.xml[path] = parse(f'<Relationships xmlns="{REL}"/>'.encode())
        return self.xml[path]
