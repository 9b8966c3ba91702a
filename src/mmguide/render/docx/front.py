"""Render, Word: the cover, and the page of those responsible, from the settings; the same words in the same order as in print.

In a redline, with what came and went since the version before.
"""

from __future__ import annotations

from io import BytesIO
from itertools import groupby

from mmguide.ast import Attr, Blocks, Element, Inlines, link, para, plain, string, words
from mmguide.diff.trees import merged
from mmguide.labels import label, long_date
from mmguide.model.settings import Contributor, Settings
from mmguide.render.docx import changes, pictures
from mmguide.render.docx.drawings import drawing, stored
from mmguide.render.docx.fields import mark, raw_block, raw_inline
from mmguide.render.docx.look import Look
from mmguide.render.docx.ooxml import TAB
from mmguide.render.docx.setting import Setting, styled, worded

_DATES = ("search", "approved", "published", "updated", "review_by")
_TAB = raw_inline(TAB)
_QR_INCHES = 1.02


def cover(at: Setting) -> Blocks:
    """The title page, ended by a section of its own. Title and subtitle stand in a cell as high as the band behind them."""
    made = _cover(at.cited.project.settings, at)
    return made if at.cited.before is None else changes.compared(_cover(at.cited.before.settings, at), made)


def _cover(settings: Settings, at: Setting) -> Blocks:
    language = settings.language
    out = [raw_block(_band(at.look)), *_logo(at), _paragraph("Title", settings.title)]
    if settings.subtitle:
        out.append(_paragraph("Subtitle", settings.subtitle))
    out.append(raw_block("</w:tc></w:tr></w:tbl>"))
    if settings.summary:
        out.append(_paragraph("Cover Summary", settings.summary))
    facts = [
        (label("version", language), settings.version),
        (label("status", language), label(f"status-{settings.status}", language)),
    ]
    for name in _DATES:
        if (when := getattr(settings.dates, name)) is not None:
            facts.append((label(f"date-{name}", language), long_date(when, language)))
    out += _details(facts)
    out += _details([(person.role, person.name) for person in _by_role(settings)])
    if settings.notice:
        out.append(_paragraph("Cover Notice", settings.notice))
    return [*out, raw_block(mark("section", ends="cover"))]


def _logo(at: Setting) -> Blocks:
    """The theme's logo above the title, as large as in print; ornament, since the title page says in words whose it is."""
    path = at.look.theme.logo
    picture = at.cited.manuscript.pictures.get(path)
    if picture is None:
        return []
    wide, high = pictures.size(Attr("", (), (("height", "18mm"),)), picture, 80 / 25.4, 18 / 25.4)
    attr = Attr("", (), (("width", f"{wide:.4f}in"), ("height", f"{high:.4f}in")))
    return [styled("Cover Logo", [para(at.inlines([{"t": "Image", "c": [attr.raw(), [], [path, ""]]}]))])]


def _band(look: Look) -> str:
    width, height = look.measure, look.band - look.cover_top
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="CoverBand"/><w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0000"/></w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/>'
        f'<w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
    )


def _by_role(settings: Settings) -> list[Contributor]:
    roles = list(dict.fromkeys(c.role for c in settings.contributors))
    return sorted(settings.contributors, key=lambda c: roles.index(c.role))


def _details(facts: list[tuple[str, str]]) -> Blocks:
    """Lines of name and value; a name is said once where several values have it. The first line has the rule above."""
    out: Blocks = []
    for name, group in groupby(facts, key=lambda fact: fact[0]):
        for i, (_, value) in enumerate(group):
            text: Inlines = [worded("Cover Label", words(name))] if i == 0 else []
            style = "Cover Detail" if out else "Cover Detail First"
            out.append(styled(style, [para([*text, _TAB, worded("Cover Value", words(value))])]))
    return out


def has_about(settings: Settings) -> bool:
    """Whether the settings say anything about those responsible."""
    return bool(settings.contributors or settings.funding or settings.contact or settings.feedback)


def about(at: Setting) -> Blocks:
    """The page about the guideline itself: people with their interests, funding, contact, feedback."""
    settings, before = at.cited.project.settings, at.cited.before
    if not has_about(settings):
        return []
    head, people, rest = _heading(settings), _contributors(settings), _rest(settings, at)
    if before is not None:
        rest = changes.compared(_rest(before.settings, at), rest)
        people = merged(_contributors(before.settings), people)
    return [*head, *at.blocks(people), *rest]


def _heading(settings: Settings) -> Blocks:
    language = settings.language
    out = [styled("Front Heading", [para([_TAB, *words(label("about", language))])])]
    return [*out, _paragraph("Front Heading 2", label("contributors", language))] if settings.contributors else out


def _rest(settings: Settings, at: Setting) -> Blocks:
    """Funding, contact, feedback."""
    language = settings.language
    out: Blocks = []
    for name in ("funding", "contact"):
        if value := getattr(settings, name):
            out += [_paragraph("Front Heading 2", label(name, language)), _paragraph("Front Text", value)]
    return [*out, *_feedback(settings, at)]


def _contributors(settings: Settings) -> Blocks:
    """The table of contributors, as a source would have it."""
    language, people = settings.language, settings.contributors
    if not people:
        return []
    columns = ["name", "role", *(n for n in ("affiliation", "interests") if any(getattr(c, n) for c in people))]
    rows = [[_person(person), *(words(getattr(person, name)) for name in columns[1:])] for person in people]
    head = [words(label(name, language)) for name in columns]
    return [_table([], head, rows)]


def _person(person: Contributor) -> Inlines:
    if not person.orcid:
        return words(person.name)
    bare = person.orcid.rsplit("/", 1)[-1]
    return [*words(person.name), {"t": "LineBreak"}, link([string(bare)], f"https://orcid.org/{bare}")]


def _table(caption: Inlines, head: list[Inlines], rows: list[list[Inlines]]) -> Element:
    """A pandoc table whose first column heads its rows."""
    default, bare = {"t": "AlignDefault"}, Attr().raw()

    def row(cells: list[Inlines]) -> list[object]:
        return [bare, [[bare, default, 1, 1, [plain(cell)]] for cell in cells]]

    columns = [[default, {"t": "ColWidthDefault"}] for _ in head]
    body = [bare, 1, [], [row(cells) for cells in rows]]
    return {
        "t": "Table",
        "c": [bare, [None, [plain(caption)] if caption else []], columns, [bare, [row(head)]], [body], [bare, []]],
    }


def _feedback(settings: Settings, at: Setting) -> Blocks:
    """The question to the reader, with the address as text and as QR code."""
    given = settings.feedback
    if given is None:
        return []
    out = [_paragraph("Feedback Question", given.question)]
    if given.address:
        web = given.address.startswith(("https://", "http://"))
        text: Inlines = [link([string(given.address)], given.address)] if web else words(given.address)
        out.append(styled("Feedback", [para(text)]))
    if given.email:
        out.append(styled("Feedback", [para([link([string(given.email)], f"mailto:{given.email}")])]))
    if given.address or given.email:
        content = given.address or f"mailto:{given.email}"
        described = f"{label('qr-code', settings.language)}: {content}"
        out.append(styled("Feedback Code", [para([qr_code(content, described, at.media)])]))
    return out


def qr_code(content: str, described: str, media: dict[str, bytes]) -> Element:
    """The QR code as a picture, with words for those who cannot see it."""
    import segno

    out = BytesIO()
    segno.make(content, micro=False, error="m").save(out, kind="png", scale=12, border=2)
    return drawing(stored(out.getvalue(), "image/png", media), described, _QR_INCHES, _QR_INCHES)


def _paragraph(style: str, text: str) -> Element:
    return styled(style, [para(words(text))])
