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
