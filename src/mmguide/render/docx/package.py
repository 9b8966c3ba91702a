"""Render, Word: the package of a Word file as parts, read and written so that the same parts give the same bytes."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from mmguide.render.docx.ooxml import CT, OFFICE, REL, R, parse, serialize

# Zip knows no time before 1980; no output depends on the day it was made.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")


@dataclass
class Package:
    """A file being finished: XML parts as trees (`xml`), everything else as bytes (`blobs`). Local to one rendering."""

    xml: dict[str, Any] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, content: bytes) -> Package:
        package = cls()
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                data = archive.read(name)
                if name.endswith((".xml", ".rels")):
                    package.xml[name] = parse(data)
                else:
                    package.blobs[name] = data
        return package

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

    def relationships(self, part: str) -> Any:
        """The relationships of a part, made when there are none; `part` '' stands for the package."""
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels" if part else "_rels/.rels"
        path = path.lstrip("/")
        if path not in self.xml:
            self.xml[path] = parse(f'<Relationships xmlns="{REL}"/>'.encode())
        return self.xml[path]

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """The id of a relationship from `part` to `target`, made when it is not there yet."""
        from lxml import etree

        root = self.relationships(part)
        full = kind if "/" in kind else f"{OFFICE}/{kind}"
        for old in root:
            if old.get("Type") == full and old.get("Target") == target:
                return str(old.get("Id"))
        taken = {old.get("Id") for old in root}
        number = next(i for i in range(1, len(taken) + 2) if f"rId{i}" not in taken)
        made = etree.SubElement(root, f"{{{REL}}}Relationship", Id=f"rId{number}", Type=full, Target=target)
        if external:
            made.set("TargetMode", "External")
        return f"rId{number}"

    def add(self, name: str, content: bytes, content_type: str) -> None:
        """Add a part with its content type."""
        if name.endswith(".xml"):
            self.xml[name] = parse(content)
        else:
            self.blobs[name] = content
        self.content_type(name, content_type)

    def drop_unused(self) -> None:
        """Take away the links and pictures that a part has a relationship to and does not use."""
        for path, root in self.xml.items():
            if not path.endswith(".rels") or path == "_rels/.rels":
                continue
            source = self.xml.get(path.replace("_rels/", "").removesuffix(".rels"))
            if source is None:
                continue
            used = {value for e in source.iter() for name, value in e.attrib.items() if name.startswith(f"{{{R}}}")}
            for relation in list(root):
                if relation.get("Type").endswith(("/hyperlink", "/image")) and relation.get("Id") not in used:
                    root.remove(relation)

    def content_type(self, name: str, content_type: str) -> None:
        from lxml import etree

        types = self.xml["[Content_Types].xml"]
        for old in types.findall(f"{{{CT}}}Override"):
            if old.get("PartName") == f"/{name}":
                types.remove(old)
        etree.SubElement(types, f"{{{CT}}}Override", PartName=f"/{name}", ContentType=content_type)

    def remove(self, name: str) -> None:
        """Take a part away, with its content type and every relationship to it."""
        self.xml.pop(name, None)
        self.blobs.pop(name, None)
        types = self.xml["[Content_Types].xml"]
        for old in list(types):
            if old.get("PartName") == f"/{name}":
                types.remove(old)
        for path, root in self.xml.items():
            if path.endswith(".rels"):
                base = path.replace("_rels/", "").rpartition("/")[0]
                for relation in list(root):
                    if f"{base}/{relation.get('Target')}".lstrip("/") == name and relation.get("TargetMode") != "External":
                        root.remove(relation)
