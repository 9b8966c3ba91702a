"""Stage release, bill of materials: everything that made a release as CycloneDX, the same bytes for the same release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from mmguide.release.manifest import Manifest, Surroundings

if TYPE_CHECKING:
    from cyclonedx.model.component import Component


def sbom(manifest: Manifest) -> bytes:
    """CycloneDX 1.6 as JSON. The serial number follows from what made the release, the time is the release's."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion

    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"urn:mmguide:{manifest.stem}:{manifest.made_by.as_json()}"))
    bom.metadata.timestamp = datetime.fromtimestamp(manifest.epoch, UTC)
    bom.metadata.component = _guideline(manifest)
    made = list(_components(manifest.made_by))
    bom.components.update(made)
    bom.register_dependency(bom.metadata.component, made)
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    return (json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _guideline(manifest: Manifest) -> Component:
    from cyclonedx.model.component import Component, ComponentType

    reference = f"guideline:{manifest.stem}"
    return Component(name=manifest.id, version=manifest.version, type=ComponentType.DATA, bom_ref=reference)


def _components(made_by: Surroundings) -> Iterator[Component]:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    def component(kind: str, name: str, version: str | None, type_: ComponentType, **more: Any) -> Component:
        return Component(name=name, version=version, type=type_, bom_ref=f"{kind}:{name}", **more)

    for name, version in made_by.packages.items():
        address = PackageURL("pypi", None, name, version)
        yield component("package", name, version, ComponentType.LIBRARY, purl=address)
    for name, version in made_by.tools.items():
        kind = ComponentType.APPLICATION if name in ("mmguide", "pandoc") else ComponentType.LIBRARY
        yield component("tool", name, version, kind)
    for name, value in made_by.fonts.items():
        yield component("font", name, None, ComponentType.FILE, hashes=[HashType(alg=HashAlgorithm.SHA_256, content=value)])
