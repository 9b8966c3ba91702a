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
