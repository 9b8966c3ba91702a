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
    "An include is replaced by the text of the file that its attribute `file` names."
    " Without one there is nothing to print, and the shared text would be missing.",
)
INCLUDE_LOOP = Rule(
    "MMG409",
    "include-loop",
    Severity.ERROR,
    "'{file}' is included by itself, through '{through}'",
    "remove one of the two includes",
    "A text that includes itself, directly or through others, would never end."
    " Remove the include that closes the circle, or move what both texts need into a third file.",
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
    "ignored, since other tools would follow it."
    " Style and bibliography are settings of the whole guideline and stand in guideline.yaml.",
)
UNRESOLVED_LINK = Rule(
    "MMG412",
    "unresolved-link",
    Severity.ERROR,
    "nothing in the document has the identifier '{target}'",
    "correct the link, or give the heading `{{#{target}}}`",
    "A link to `#name` leads to the heading, figure or box with that identifier. Without one the link is dead in every output.",
)
NOT_UTF8 = Rule(
    code="MMG440",
    name="not-utf8",
    severity=Severity.ERROR,
    message="this file is not UTF-8: byte {byte} cannot be read",
    hint="save the file as UTF-8 in your editor",
    explanation="Every file of a guideline is read as UTF-8. A file in another encoding is refused and not guessed at, since a wrong "
    "guess changes names, units and signs such as ≥ without anybody seeing it. Open the file in your editor, choose UTF-8 "
    "as encoding and save it.",
)
CONTROL_CHARACTER = Rule(
    code="MMG441",
    name="control-character",
    severity=Severity.ERROR,
    message="control character {character} in the text",
    hint="delete it, or type the sign that was meant",
    explanation="Control characters cannot be printed: Word refuses files that hold them and the PDF engine stops at some of them. They"
    " come in by copying from PDFs and old databases. Delete the character at the place shown; retype what stood around it.",
)
HIDDEN_CHARACTER = Rule(
    code="MMG442",
    name="hidden-character",
    severity=Severity.ERROR,
    message="invisible character {character} in the text",
    hint="delete it; if it is needed here, allow it with a reason",
    explanation="Characters of no width, and characters that turn the direction of writing, make a text read differently from what it "
    "says: two citation keys can look alike, a dose can show its digits in another order. They come in by copying from web "
    "pages. Delete them.",
)
NESTING_TOO_DEEP = Rule(
    code="MMG443",
    name="nesting-too-deep",
    severity=Severity.ERROR,
    message="nested more than {limit} deep",
    hint="close brackets and divs, or write brackets that are text with a backslash: \\[",
    explanation="Brackets, divs, lists or quotes stand inside each other too deeply for the text to be read in reasonable time. In most"
    " cases a closing sign is missing further up. Brackets that belong to the text and to no link are written \\[ and \\].",
)
BRACKETS_LEFT_OPEN = Rule(
    code="MMG444",
    name="brackets-left-open",
    severity=Severity.ERROR,
    message="{count} opening square brackets in this paragraph are never closed",
    hint="write a bracket that is text as \\[, for instance \\[0, 1)",
    explanation="An opening square bracket begins a link or a citation. Where many are left open in one paragraph, as in half-open "
    "intervals, reading the paragraph takes longer with each of them, up to hours. Put a backslash before every bracket "
    "that is only text.",
)
UNCLOSED_DIV = Rule(
    code="MMG445",
    name="unclosed-div",
    severity=Severity.ERROR,
    message="this ::: block is never closed",
    hint="add a line with ::: where the block ends",
    explanation="A block that begins with ::: and its classes ends at a line with nothing but colons. Without it the opening line is "
    "printed as text, and the recommendation, note or table it should have marked is not one. Add the closing line.",
)
FENCE_IS_TEXT = Rule(
    "MMG446",
    "fence-is-text",
    Severity.ERROR,
    "this ::: line begins or ends no block and would be printed",
    "leave a line empty before it; write `::: {{.class}}` to begin a block and `:::` alone to end it",
    "A block begins with colons and a class or attributes, behind an empty line, and ends with colons alone. A line of colons within a "
    "paragraph, without a block to end, or with attributes that cannot be read, is ordinary text: the reader sees the colons, and the "
    "box is missing.",
)
UNDEFINED_FOOTNOTE = Rule(
    "MMG447",
    "undefined-footnote",
    Severity.ERROR,
    "there is no text for the footnote '{label}'",
    "write it in a paragraph of its own: `[^{label}]: The text.`; if the brackets are text, write \\[^",
    "The mark of a footnote needs a text with the same label, in the same file. Without one the mark is printed as it stands, with "
    "brackets and all.",
)
UNUSED_FOOTNOTE = Rule(
    "MMG448",
    "unused-footnote",
    Severity.WARNING,
    "the footnote '{label}' is never printed: nothing refers to it",
    "put its mark `[^{label}]` into the text, or delete it",
    "A footnote appears where its mark stands. When the mark is gone, or its label was changed in one of the two places, the text of the "
    "note vanishes from every output.",
)
FOOTNOTE_TWICE = Rule(
    "MMG449",
    "footnote-twice",
    Severity.ERROR,
    "the footnote '{label}' has two texts; the first is in line {line}",
    "give one of them another label",
    "Two notes of one file have the same label. Only one of them is printed, at both marks, and the other is lost.",
)
FOOTNOTE_IN_FOOTNOTE = Rule(
    "MMG450",
    "footnote-in-footnote",
    Severity.ERROR,
    "a footnote cannot hold another: '[^{label}]' would be printed as text",
    "say it within the note, or give the sentence in the text both marks",
    "Notes within notes exist in no output. The mark would be printed with its brackets, and the text it stands for would be missing.",
)
UNREADABLE_ATTRIBUTES = Rule(
    "MMG451",
    "unreadable-attributes",
    Severity.ERROR,
    "these attributes cannot be read",
    'write them as `{{#identifier .class name="value"}}`, with spaces and no commas between them',
    "Attributes are an identifier with #, classes with a full stop, and names with values, in braces and separated by spaces. If one "
    "of them cannot be read, none counts: the braces are printed as text, or a box is set as plain paragraphs.",
)
