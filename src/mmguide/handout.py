"""Stage handout: a Manuscript becomes one of its handouts, a Manuscript that every renderer prints like any other."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from mmguide.approvals import approval_name
from mmguide.assemble import crossrefs
from mmguide.assemble.abbreviations import with_abbreviations
from mmguide.assemble.glossary import with_glossary
from mmguide.assemble.numbering import Numbering
from mmguide.assemble.recommendations import cited_in, summary_item, without_citations
from mmguide.ast import (
    SPACE,
    Attr,
    Blocks,
    Element,
    Inlines,
    attr_of,
    citation,
    div,
    header,
    iterate,
    para,
    plain_text,
    rewrite,
    span,
    string,
    strong,
    with_attr,
    words,
)
from mmguide.cache import NOTHING, Cache
from mmguide.cite import cite
from mmguide.companion import evidence_sheet, evidence_title
from mmguide.contact import contact_box, foot
from mmguide.form import for_the_pen
from mmguide.grading import scheme_of
from mmguide.labels import apart, label, long_date, primary
from mmguide.model.manuscript import CitedManuscript, Manuscript, Section
from mmguide.model.settings import Binding, Handout, Settings, Translated
from mmguide.theme import Theme
from mmguide.translations import MACHINE

ALL = "all"
TEXT_POINTS = 12.0
CLINICIAN_POINTS = 9.5
LARGE_POINTS = 16.0


def handout(manuscript: Manuscript, name: str, paper: str = "", language: str = "") -> Manuscript:
    """The handout of this name, which guideline.yaml has: its head, its own text, what it takes from the guideline, the way to answer.

    `paper` takes the place of the one in guideline.yaml; `language` is one of `Manuscript.languages_of`, its own where it is ''.
    """
    spec, languages = manuscript.project.settings.handouts[name], manuscript.languages_of(name)
    language = language or languages[0]
    translated = language in languages[1:]
    section = manuscript.text_of(name, language)
    title = ("" if translated else spec.title) or title_of(section) or spec.title or name
    behind = title_of(manuscript.text_of(spec.of)) if spec.of else ""
    title = evidence_title(behind, language) if behind and not spec.title else title
    warning = _translation_warning(manuscript, name, language) if translated else ""
    settings = _settings(manuscript.project.settings, spec, title, paper, language, bool(warning))
    body = with_abbreviations(
        [
            *_own_text(manuscript, section, settings),
            *_recommendations(manuscript, spec),
            *(evidence_sheet(manuscript, spec.of, behind) if behind else []),
        ],
        # What abbreviations mean is known in the guideline's language only.
        settings.abbreviations if primary(language) == primary(manuscript.project.settings.language) else {},
        language,
    )
    body = [block for block in body if not _is_abbreviations(block)]
    if spec.audience == "patient":
        body = with_glossary(body, manuscript.project.settings.glossary_of(language))
    body += [block for wanted in spec.sections for block in section_of(manuscript.blocks, wanted)]
    body = without_citations(body) if spec.numbering == "none" else [*body, *_reference_list(body, language)]
    addresses, codes = foot(settings, name)
    whole = [
        header(1, words(title), Attr("handout", ("unnumbered",))),
        div(_head(manuscript.project.settings, spec, language), Attr(classes=("handout-head",))),
        *([div([para([strong(words(warning))])], Attr(classes=("handout-warning",)))] if warning else []),
        *body,
        *([contact_box(None, language, {})] if spec.audience == "patient" else []),
        *addresses,
    ]
    return replace(
        manuscript,
        project=replace(manuscript.project, settings=settings),
        blocks=_without_dead_links(whole),
        pictures={**manuscript.pictures, **codes},
        sheet=True,
        audience=spec.audience,
        edition=f"{name}-{language}" if translated else name,
    )


def cite_handout(made: Manuscript, spec: Handout, style: str, whole: CitedManuscript, cache: Cache = NOTHING) -> CitedManuscript:
    """The handout with its citations set in the CSL `style`.

    `whole` is the cited guideline, whose numbers the handout keeps where its `spec` says so.
    """
    if spec.numbering != "guideline" or not whole.cited:
        return cite(made, style, cache)
    # All works of the guideline cited in its order, ahead of the text: the style counts as it counted there.
    lead = para([citation(key) for key in whole.cited])
    done = cite(replace(made, blocks=[lead, *made.blocks]), style, cache)
    kept = {f"ref-{key}" for key in _printed_keys(made, whole)}

    def action(element: Element) -> list[Element] | None:
        is_entry = element["t"] == "Div" and "csl-entry" in attr_of(element).classes
        return [] if is_entry and attr_of(element).id not in kept else None

    blocks = rewrite(done.blocks[1:], action)
    return CitedManuscript(made, blocks, tuple(key for key in done.cited if f"ref-{key}" in kept))


def _printed_keys(made: Manuscript, whole: CitedManuscript) -> set[str]:
    """The keys under which the works that the handout cites are printed."""
    from mmguide.bibliography.works import canonical

    own = cited_in(made.blocks)
    other = canonical(made.bibliography, tuple(dict.fromkeys((*whole.cited, *own))))
    return {other.get(key, key) for key in own}


def handout_theme(theme: Theme, points: float = TEXT_POINTS) -> Theme:
    """The theme in clear print: no letter of the text smaller than `points`, and no column beside it for the numbers of headings."""
    sizes = {
        "text": points,
        "line": points * 1.35,
        "small": points,
        "table": points,
        "table_line": points * 1.25,
        "note": points,
        "h1": points * 1.75,
        "h2": points * 1.3,
        "h3": points * 1.1,
        "h4": points,
    }
    return replace(theme, sizes=replace(theme.sizes, **sizes), spacing=replace(theme.spacing, hang=0.0))


def title_of(section: Section | None) -> str:
    """The title that a handout's text gives itself: its first heading."""
    first = next((e for e in section.blocks if e["t"] == "Header"), None) if section else None
    return plain_text(first["c"][2]) if first else ""


def _in_other_words(settings: Settings, language: str) -> Translated:
    """What guideline.yaml says itself, in this language as far as it is given."""
    return settings.translations.get(language) or settings.translations.get(primary(language)) or Translated()


def _translation_warning(manuscript: Manuscript, name: str, language: str) -> str:
    """What a translation that nobody has approved says on top of it."""
    if approval_name(manuscript, name, language) in manuscript.approvals:
        return ""
    section = manuscript.text_of(name, language)
    record = manuscript.translations.get(section.path) if section else None
    by_machine = record is None or record.by == MACHINE
    return label("translation-machine" if by_machine else "translation-unapproved", language)


def _head(settings: Settings, spec: Handout, language: str) -> Blocks:
    """The line that says what the sheet is, and the contributors it names."""
    named = [f"{role}: {', '.join(one.name for one in settings.contributors if one.role == role)}" for role in spec.roles]
    return [para(head_line(settings, spec, language)), *([para(words(" · ".join(named)))] if named else [])]


def head_line(settings: Settings, spec: Handout, language: str) -> Inlines:
    """For whom it is where that is patients, what it was made from, in which version, of which day.

    The guideline's title says in which language it is where that is another.
    """
    day = settings.dates.updated or settings.dates.published or settings.dates.approved
    given = _in_other_words(settings, language).title
    foreign = not given and primary(language) != primary(settings.language)
    name = span(
        words(apart(given or settings.title, language)), Attr(attributes=(("lang", settings.language),) if foreign else ())
    )
    parts = [
        f"{label('version', language)} {settings.version}",
        label(f"status-{settings.status}", language),
        f"{label('date-updated', language)} {long_date(day, language)}" if day else "",
        f"{label('date-review_by', language)} {long_date(settings.dates.review_by, language)}"
        if settings.dates.review_by
        else "",
    ]
    whom = f"{label('handout-patients', language)} · " if spec.audience == "patient" else ""
    lead = words(f"{whom}{label('handout-from', language)} “")
    named = span(words(f"({apart(settings.id, language)})"), Attr(classes=("handout-id",)))
    rest = "".join(f" · {part}" for part in parts if part)
    return [*lead, name, string("”"), SPACE, named, SPACE, *words(rest)]


def section_of(blocks: Blocks, identifier: str) -> Blocks:
    """The section of this identifier with all below it, its heading at level 2, without the numbers that headings have in the guideline."""
    names = {identifier, identifier.removeprefix("sec:"), f"sec:{identifier}"}
    start = next((i for i, e in enumerate(blocks) if e["t"] == "Header" and attr_of(e).id in names), None)
    if start is None:
        return []
    level = blocks[start]["c"][0]
    end = next(
        (i for i in range(start + 1, len(blocks)) if blocks[i]["t"] == "Header" and blocks[i]["c"][0] <= level), len(blocks)
    )

    def action(element: Element) -> Element | None:
        if element["t"] != "Header":
            return None
        attr = attr_of(element)
        bare = Attr(attr.id, (*attr.classes, "unnumbered"), tuple((k, v) for k, v in attr.attributes if k != "number"))
        moved = {"t": "Header", "c": [min(6, element["c"][0] - level + 2), *element["c"][1:]]}
        return with_attr(moved, bare)

    made: Blocks = rewrite(blocks[start:end], action)
    return made


def _settings(settings: Settings, spec: Handout, title: str, paper: str, language: str, unchecked: bool) -> Settings:
    day = settings.dates.updated or settings.dates.published or settings.dates.approved
    due = settings.dates.review_by
    which = (
        apart(f"{settings.id} {settings.version}", language),
        long_date(day, language) if day else "",
        f"{label('date-review_by', language)} {long_date(due, language)}" if due else "",
    )
    given = _in_other_words(settings, language)
    mark = label("translation-mark", language) if unchecked else ""
    notice = (*which, label("handout-uncontrolled", language), mark, given.notice or settings.notice)
    asked = settings.feedback
    if asked is not None:
        usual = label("feedback-question", language) if asked.question == label("feedback-question") else asked.question
        asked = replace(asked, question=given.question or usual)
    return replace(
        settings,
        title=title,
        subtitle="",
        short_title=given.short_title or given.title or settings.short_title or settings.title,
        summary="",
        language=language,
        feedback=asked,
        paper=paper or spec.paper or settings.paper,
        print=Binding(),
        notice=" · ".join(part for part in notice if part),
    )


def _own_text(manuscript: Manuscript, section: Section | None, settings: Settings) -> Blocks:
    """The handout's text below its title, cross-references to the guideline as words."""
    if section is None:
        return []
    blocks = list(section.blocks)
    first = next((i for i, e in enumerate(blocks) if e["t"] == "Header"), None)
    if first is not None:
        del blocks[first]
    blocks = for_the_pen(blocks)
    counted = Numbering(replace(settings, numbering=False))
    numbered = counted.blocks(blocks)
    return crossrefs.resolve(numbered, crossrefs.index((*counted.targets, *manuscript.targets)), settings.language)


def _recommendations(manuscript: Manuscript, spec: Handout) -> Blocks:
    settings = manuscript.project.settings
    language, scheme = settings.language, scheme_of(settings.grading, settings.language)
    wanted = [r for r in manuscript.recommendations if ALL in spec.recommendations or r.id in spec.recommendations]
    if not wanted:
        return []
    items = [summary_item(r, scheme, language, linked=False) for r in wanted]
    made = crossrefs.resolve(items, crossrefs.index(manuscript.targets), language)
    return [div(made, Attr(classes=("recommendations",)))]


def _reference_list(body: Blocks, language: str) -> Blocks:
    if not cited_in(body):
        return []
    return [header(2, words(label("references", language)), Attr("references", ("unnumbered",))), div([], Attr("refs"))]


def _is_abbreviations(block: Element) -> bool:
    attr = attr_of(block)
    return attr.id == "abbreviations" or "abbreviations" in attr.classes


def _without_dead_links(blocks: Blocks) -> Blocks:
    """Links to places that only the guideline has become their words."""
    here = _identifiers(blocks)

    def action(element: Element) -> Inlines | None:
        target = element["c"][2][0] if element["t"] == "Link" else ""
        return list(element["c"][1]) if target.startswith("#") and target[1:] not in here else None

    made: Blocks = rewrite(blocks, action)
    return made


def _identifiers(blocks: Iterable[Element]) -> set[str]:
    return {attr_of(e).id for e in iterate(list(blocks))}
