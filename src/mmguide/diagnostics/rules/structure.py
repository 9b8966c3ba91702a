"""The rules of group MMG4xx Structure and cross-references."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

UNRESOLVED_REFERENCE = Rule(
    "MMG401",
    "unresolved-cross-reference",
    Severity.ERROR,
    "'{written}' points at nothing: there is no {kind} with the identifier '{target}'",
    "give the {kind} this identifier, for example `{{#{target}}}`, or correct the reference",
    "A cross-reference names a figure, table, section or recommendation by its identifier. When nothing carries that identifier, no "
    "number can be printed, and the reader would find raw text in its place.",
)
DUPLICATE_IDENTIFIER = Rule(
    "MMG402",
    "duplicate-identifier",
    Severity.ERROR,
    "the identifier '{id}' stands twice",
    "rename one of them; the other is at {other}",
    "An identifier is an address inside the document. Two things with the same address make every link and cross-reference to it "
    "ambiguous, and the Word file and the PDF invalid.",
)
UNSAFE_HTML = Rule(
    "MMG403",
    "unsafe-html",
    Severity.ERROR,
    "HTML that could load or run something is not allowed: {tag}",
    "remove it; pictures, links and tables have a Markdown form that works in every output",
    "A guideline is text. Scripts, style sheets, embedded objects, forms and event attributes either do nothing in print and Word, or "
    "reach out to other files and machines. They are refused wherever they stand.",
)
DROPPED_HTML = Rule(
    "MMG404",
    "dropped-html",
    Severity.WARNING,
    "this HTML has no meaning in print and Word and is left out: {tag}",
    "use Markdown, or a div or span with a class",
    "Only HTML with a plain equivalent (`<sup>`, `<sub>`, `<em>`, `<strong>`, `<br>`, `<img>` …) can appear in all outputs alike. The "
    "tags of everything else are dropped; the words between them stay.",
)
RAW_FORMAT = Rule(
    "MMG405",
    "raw-format",
    Severity.ERROR,
    "a raw block in the format '{format}' is not allowed",
    "write it in Markdown, so that it reaches every output",
    "Raw blocks are copied unread into one output format and are missing from the others. They could carry fields, macros or files into a "
    "published document without anybody seeing them in the source.",
)
UNSAFE_LINK = Rule(
    "MMG406",
    "unsafe-link",
    Severity.ERROR,
    "a link must not lead to '{target}'",
    "link to an https address, a mail address, or an identifier in this document",
    "Links with schemes such as javascript:, data: or file: run something or point into the reader's own machine. Only http, https, mailto "
    "and tel addresses and places in the document itself are allowed.",
)
LOCAL_LINK = Rule(
    "MMG407",
    "local-link",
    Severity.WARNING,
    "the link to '{target}' works only beside your sources",
    "link to a published address instead",
    "The outputs are single files that travel by mail and print. A link to a file of the project leads nowhere once the document has left "
    "the folder.",
)
INCLUDE_WITHOUT_FILE = Rule(
    "MMG408",
    "include-without-file",
    Severity.ERROR,
    "this include names no file",
    'write `::: {{.include file="snippets/dose.md"}}`',
    "An include is replaced by the text of the file that its attribute `file` names.",
)
INCLUDE_LOOP = Rule(
    "MMG409",
    "include-loop",
    Severity.ERROR,
    "'{file}' is included by itself, through '{through}'",
    "remove one of the two includes",
    "A text that includes itself, directly or through others, would never end.",
)
SECTION_SETTING = Rule(
    "MMG410",
    "section-setting",
    Severity.WARNING,
    "settings in a section's own header are not used: {names}",
    "move them to guideline.yaml if they are meant to count",
    "Many tools read title, bibliography or style from a YAML header in the text. Here they are settings of the whole "
    "guideline and stand in "
    "guideline.yaml alone, so that no section can change what the others look like or cite.",
)
SECTION_SETTING_REACHES_OUT = Rule(
    "MMG411",
    "section-setting-reaches-out",
    Severity.ERROR,
    "a section must not set '{name}' to something outside the project",
    "remove it from the section's header; guideline.yaml names style, bibliography and template",
    "A header in a section that names an address on the network, a path outside the project or a program to run is refused rather than "
    "ignored, since other tools would follow it.",
)
UNRESOLVED_LINK = Rule(
    "MMG412",
    "unresolved-link",
    Severity.ERROR,
    "nothing in the document has the identifier '{target}'",
    "correct the link, or give the heading `{{#{target}}}`",
    "A link to `#name` leads to the heading, figure or box with that identifier. Without one the link is dead in every output.",
)
