"""Stage scan: what a line of Markdown can begin, as patterns."""

from __future__ import annotations

import re

Line = tuple[int, int]  # offsets of a line's first character and of its end, in the expanded text

FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,}) *(?P<info>[^`\n]*)$")
DIV_OPEN = re.compile(r"(?P<colons>:::+ *)(?:(?P<word>[^\s:]\S*?) *:* *$|\{)")
DIV_CLOSE = re.compile(r":::+ *$")
HEADING = re.compile(r"(?P<marks>#{1,6})(?![.)])(?: |$)(?P<text>.*)$")
UNDERLINE = re.compile(r"(?:=+|-+) *$")
RULE = re.compile(r" {0,3}([-*_]) *(?:\1 *){2,}$")
QUOTE = re.compile(r" {0,3}> ?")
BULLET = re.compile(r"(?P<indent> {0,3})[*+-](?: {1,4}(?! )| |$)")
ORDERED = re.compile(
    r"(?P<indent> {0,3})(?:"
    r"\((?:\d+|#|@(?P<label>[\w-]*)|[ivxlcdm]+|[IVXLCDM]+|[a-zA-Z])\)"
    r"|(?:\d+|#|@(?P<label2>[\w-]*)|[ivxlcdm]+|[IVXLCDM]+|[a-zA-Z])\)"
    r"|(?:\d+|#|@(?P<label3>[\w-]*)|[ivxlcdm]+|[a-z])\.|[A-Z](?:\. (?= ))|[IVXLCDM]{2,}\."
    r")(?: {1,4}(?! )| |$)"
)
DEFINITION = re.compile(r" {0,2}[:~](?: {1,3}|$)")
NOTE = re.compile(r" {0,3}\[\^(?P<label>[^\s\]]+)\]:(?: {4})?")
REFERENCE = re.compile(
    r" {0,3}\[(?!\^|@)(?P<label>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])+)\]: *(?P<target><[^>]*>|[^\s\[{]\S*)?(?P<rest>.*)$"
)
PIPE_RULE = re.compile(r" {0,3}(?=.*[|+])\|? *:?-+:? *(?:[|+] *:?-+:? *)*\|? *$")
GRID_RULE = re.compile(r" {0,3}\+(?:[-=:]+\+)+ *$")
DASHES = re.compile(r" *-+(?: +-+)* *$")
# A colon before punctuation, as in the `:::` that closes a div behind a table, begins no caption.
CAPTION = re.compile(r""" {0,3}(?:[Tt]able: *|:(?![!"#%&'()*,\-./:;?@\[\\\]_{}]) *)(?=\S)""")
# What hides everything up to its end, also blank lines; `<style>` does so only as the first thing in a block.
OPAQUE = re.compile(r"<!--|<(?P<tag>pre|script|textarea)(?=[\s>/])", re.IGNORECASE)
STYLE = re.compile(r"<(style)(?=[\s>/])", re.IGNORECASE)
BLOCK_TAG = re.compile(
    r" {0,3}</?(?:address|article|aside|blockquote|body|center|col|colgroup|dd|details|dir|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|frameset|h[1-6]|head|header|hgroup|hr|html|isindex|legend|li|main|menu|meta|nav|noframes|ol|option|output|p"
    r"|pre|script|section|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|ul)(?=[\s>/])|\s{0,3}<!--",
    re.IGNORECASE,
)


def is_list_start(text: str) -> bool:
    """True if this line begins a list item."""
    return (BULLET.match(text) is not None and RULE.match(text) is None) or ORDERED.match(text) is not None


def indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
