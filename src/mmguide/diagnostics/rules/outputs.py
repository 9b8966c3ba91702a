"""The rules of group MMG9xx Outputs: the theme, style sheets and what is found while pages are made."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

THEME_SYNTAX = Rule(
    "MMG901",
    "theme-syntax",
    Severity.ERROR,
    "{path} is not valid YAML: {problem}",
    "check the indentation and the colons of this line and the one before it; colours need quotes, since # begins a comment",
    "theme.yaml says how every output looks and is read as YAML 1.2, without anchors, aliases and tags. A line that breaks its grammar "
    "makes the values behind it doubtful, so the outputs are not made until it is mended.",
)
UNKNOWN_THEME_SETTING = Rule(
    "MMG902",
    "unknown-theme-setting",
    Severity.ERROR,
    "the theme has no setting called '{name}'",
    "remove it, or look up the name in the house's styles/theme.yaml, which lists all of them",
    "A misspelt setting would silently leave the house's value in force, so that the outputs look different from what their owner "
    "believes. Every key that the theme does not know is therefore an error, with the nearest known key as a suggestion.",
)
INVALID_THEME_SETTING = Rule(
    "MMG903",
    "invalid-theme-setting",
    Severity.ERROR,
    "the theme's setting '{name}' cannot be used: {problem}",
    "the house's styles/theme.yaml shows each setting with a valid value",
    'Colours are written "#rrggbb" in quotes, sizes are numbers of points, spacing is numbers of millimetres, and fonts are names of '
    "packaged font families. The value given does not have that form.",
)
THEME_CONTRAST = Rule(
    "MMG904",
    "theme-contrast",
    Severity.ERROR,
    "the theme cannot be read by everyone: {problem}",
    "choose a darker colour for text, a lighter one for what it stands on, and give every strength a bar and a symbol of its own",
    "Text needs a contrast of at least 4.5 to 1 against its background (WCAG 2.2, level AA), or people with weak sight cannot read it. "
    "The strength of a recommendation must show in a black-and-white copy too, by the shape of its bar and by its symbol, never by "
    "colour alone.",
)
CSS_SYNTAX = Rule(
    "MMG905",
    "css-syntax",
    Severity.ERROR,
    "this is not valid CSS: {problem}",
    "check the braces, colons and semicolons of this rule and the one before it",
    "A project's own styles/print.css or styles/web.css comes after the house's style sheet. A fault in its grammar would silently drop "
    "this rule, and often the ones behind it, so that the pages look different from what was meant.",
)
CSS_IMPORT = Rule(
    "MMG906",
    "css-import",
    Severity.ERROR,
    "{rule} is not possible in a project's style sheet",
    "copy the rules that you need into this file",
    "A project has one style sheet for print and one for the web page. It cannot pull in others: what a guideline looks like must not "
    "depend on files elsewhere or on the network.",
)
CSS_ADDRESS = Rule(
    "MMG907",
    "css-address",
    Severity.ERROR,
    "'{address}' is not a picture of this project",
    "store the picture in the project and name it by its path from the style sheet, for example url(../figures/logo.svg)",
    "Style sheets can ask for pictures and fonts from anywhere. Here they get checked pictures of the project only: nothing is read from "
    "the network or from other folders, and fonts come from packages that the theme names.",
)
CSS_UNKNOWN = Rule(
    "MMG908",
    "css-unknown",
    Severity.WARNING,
    "{problem}",
    "remove the line, or look up the properties that WeasyPrint knows",
    "The program that makes the pages does not know every property of CSS. What it does not know it leaves out, so the line has no "
    "effect in print. In a web page it may still have one; keep it in styles/web.css then.",
)
CSS_WITHOUT_END = Rule(
    "MMG909",
    "css-without-end",
    Severity.ERROR,
    "this would keep the layout busy without end: {problem}",
    "use a smaller number, or write out what is repeated",
    "Some rules of CSS multiply themselves: a grid of a billion columns, values that double along a chain, nested selectors, gradients "
    "with tiny steps. The layout would take hours or all memory, so such a rule is refused before it begins.",
)
MISSING_CHARACTER = Rule(
    "MMG910",
    "character-without-font",
    Severity.ERROR,
    "no font of the theme has the character {name}",
    "write another character or a word, or name a font in styles/theme.yaml that has it",
    "Pages are set only in the fonts that come with mmguide and those the theme names, so that every machine makes the same file. A "
    "character that none of them has would print as an empty box, and a reader could not know what stood there. The PDF is therefore not "
    "made until the character is replaced or a font for it is named.",
)
TEXT_OVERFLOWS = Rule(
    "MMG911",
    "text-outside-box",
    Severity.WARNING,
    "on page {page} '{words}' runs {amount} mm out of the space it has",
    "break the word with a hyphen or `&shy;`, shorten it, or give its column more room",
    "A word that is wider than its column or page cannot be broken by the layout, and covers what stands beside it or is cut off at the "
    "paper's edge. Long names, addresses and codes are the usual cause.",
)
TOO_WIDE = Rule(
    "MMG912",
    "wider-than-page",
    Severity.WARNING,
    "on page {page} a table or picture is {amount} mm wider than the page: '{words}'",
    "put it into a `::: landscape` block, drop or merge columns, or shorten the longest words",
    "A table or picture that does not fit between the margins loses its last columns at the edge of the paper. Layout has already made it "
    "as narrow as its words allow.",
)
NEARLY_EMPTY_PAGE = Rule(
    "MMG913",
    "nearly-empty-page",
    Severity.NOTE,
    "page {page} holds almost nothing but '{words}'",
    "shorten the text before it by a few lines, or let the next section follow on",
    "A page with only a few lines looks like a mistake and costs paper in every clinic that prints the guideline. It comes from a text "
    "that is just too long for the page before, or from a large figure or table behind it.",
)
UNUSABLE_WORD_FILE = Rule(
    "MMG940",
    "unusable-word-file",
    Severity.ERROR,
    "{path} cannot be read as a Word file: {problem}",
    "open it in Word, save it as .docx under another name and try again; if that fails, ask who sent it",
    "A Word file that comes back from a reviewer is read without trust: parts that lead outside it, stand twice, are locked, are damaged, "
    "unpack without bound or declare a document type of their own are never opened. It is refused as a whole, since half of a review looks "
    "like all of it.",
)
