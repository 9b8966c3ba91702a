"""The rules of group MMG6xx Figures, tables, data."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

MISSING_PICTURE = Rule(
    "MMG601",
    "missing-picture",
    Severity.ERROR,
    "there is no picture '{path}' in the project",
    "correct the path (relative to the project folder, or to the section's own folder) or add the file",
    "A picture that is named in the text must be a file of the project. Nothing is built with an empty box in its place.",
)
PICTURE_OUTSIDE = Rule(
    "MMG602",
    "picture-outside-project",
    Severity.ERROR,
    "the picture '{path}' is not inside the project folder",
    "copy the picture into the project, for example into figures/",
    "Only files under the project folder are read, after symbolic links are followed, so that a text cannot pull other files of the "
    "machine into a published document."
    " Copy the picture into the project, so that everybody who has the project can build it.",
)
REMOTE_PICTURE = Rule(
    "MMG603",
    "remote-picture",
    Severity.ERROR,
    "the picture '{path}' would have to be fetched from elsewhere",
    "store the picture in the project and name it by its path there",
    "A build never goes to the network: what it would get could change or vanish, and asking for it tells others what is being written."
    " Download the picture once, see that its licence allows printing it, and store it in the project.",
)
UNKNOWN_PICTURE = Rule(
    "MMG604",
    "unknown-picture-format",
    Severity.ERROR,
    "'{path}' is not a picture that can be used: {problem}",
    "use PNG, JPEG, GIF, WebP or SVG",
    "The file's content, not its name, decides what it is. Only these formats are shown alike by PDF, Word and browsers.",
)
PICTURE_TOO_LARGE = Rule(
    "MMG605",
    "picture-too-large",
    Severity.ERROR,
    "the picture '{path}' has {size} megapixels, more than the limit of {limit}",
    "scale it down: 300 pixels an inch are enough for print",
    "A small file can unpack to an enormous picture. It is refused by the size in its header, before anything is decoded.",
)
UNSAFE_SVG = Rule(
    "MMG606",
    "unsafe-svg",
    Severity.ERROR,
    "the SVG picture '{path}' is not allowed: {problem}",
    "save it as plain SVG, with pictures and fonts inside it",
    "SVG can carry programs, load other files, and describe a picture that grows without end. Such pictures are refused.",
)

NEVER_MENTIONED = Rule(
    "MMG607",
    "never-mentioned",
    Severity.WARNING,
    "the text never mentions {word} {number}",
    "point at it where it belongs in the argument: @{id}",
    "A figure or table that no sentence points at is skipped by readers, and a screen reader meets it without knowing why it is there. "
    "Either the text needs the pointer or the guideline does not need the figure.",
)
NO_ALTERNATIVE = Rule(
    "MMG608",
    "no-alternative-text",
    Severity.WARNING,
    "this picture has no alternative text",
    'say what it shows between the square brackets, or with alt="…" beside a caption; an ornament is marked {{.decorative}}',
    "Somebody who cannot see the picture hears its alternative text instead. Without one the picture does not exist for them, and the "
    "documents do not pass as accessible.",
)
ALTERNATIVE_IS_CAPTION = Rule(
    "MMG609",
    "alternative-text-is-caption",
    Severity.WARNING,
    "the alternative text of this picture only repeats its caption",
    'say what there is to see: {{alt="Two curves that part after one year"}}',
    "The caption names the picture for everybody; the alternative text says what it shows to somebody who cannot see it. When both are "
    "the same, a screen reader says one thing twice and the content never.",
)
FIGURE_WITHOUT_CAPTION = Rule(
    "MMG610",
    "figure-without-caption",
    Severity.WARNING,
    "this picture has no caption",
    "write one between the square brackets of the picture",
    "A picture that stands alone is a figure; its caption gives it a number and says what it shows. Without one it cannot be pointed at.",
)
TABLE_WITHOUT_CAPTION = Rule(
    "MMG611",
    "table-without-caption",
    Severity.WARNING,
    "this table has no caption",
    "write one below it: `: What it shows. {{#tbl:name}}`",
    "The caption gives a table its number and says what it shows and of whom. Without one it cannot be pointed at and is lost when "
    "somebody copies it.",
)
TABLE_WITHOUT_HEAD = Rule(
    "MMG612",
    "table-without-head",
    Severity.WARNING,
    "this table has no head",
    "give each column a heading",
    "A screen reader says the heading of a column with every cell, and the head is repeated on each page. Without it the numbers of a "
    "table stand for nothing.",
)
