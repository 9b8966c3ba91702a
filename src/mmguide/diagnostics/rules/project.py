"""The rules of group MMG1xx Project: guideline.yaml and the files it names."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

SETTINGS_SYNTAX = Rule(
    "MMG101",
    "settings-syntax",
    Severity.ERROR,
    "{file} is not valid YAML: {problem}",
    "check the indentation and the colons of this line and the one before it",
    "Settings are read as YAML 1.2. A line that breaks its grammar makes every setting behind it doubtful, so nothing is built "
    "until it is mended. Most often a colon inside a text needs quotes around the whole text, or a list item is indented differently "
    "from its neighbours.",
)
UNKNOWN_SETTING = Rule(
    "MMG102",
    "unknown-setting",
    Severity.ERROR,
    "there is no setting called '{name}'",
    "remove it, or look up the name in the manual's list of settings",
    "A misspelt setting would silently leave its default in force, for example print a draft as if it had no status. Every key that "
    "the compiler does not know is therefore an error, with the nearest known key as a suggestion.",
)
INVALID_SETTING = Rule(
    "MMG103",
    "invalid-setting",
    Severity.ERROR,
    "the setting '{name}' cannot be used: {problem}",
    "the manual lists what each setting takes",
    "The value does not have the type or the form that this setting needs, for example a date that is not written as 2026-11-22, or a "
    "status that is none of draft, review, published, superseded, withdrawn."
    " Nothing is guessed in its place: a wrong date or status would stand in print.",
)
MISSING_SETTING = Rule(
    "MMG104",
    "missing-setting",
    Severity.ERROR,
    "the setting '{name}' is missing",
    "add a line such as `{name}: …` to {file}",
    "A guideline needs at least a title and a list of sections, a clinic a name and a telephone number. Everything else has a default.",
)
SETTINGS_ALIAS = Rule(
    "MMG105",
    "settings-alias",
    Severity.ERROR,
    "{what} are not allowed in {file}",
    "write the value out where it is needed",
    "YAML anchors and aliases let a few lines stand for millions, and tags can ask for arbitrary objects. Neither is needed to describe "
    "a guideline, so both are refused before anything is expanded.",
)
MISSING_FILE = Rule(
    "MMG110",
    "missing-file",
    Severity.ERROR,
    "there is no file '{path}' in the project",
    "correct the path (it is relative to the folder of guideline.yaml) or add the file",
    "guideline.yaml or a section names a file that does not exist. A guideline must not be built with a part of it missing.",
)
OUTSIDE_PROJECT = Rule(
    "MMG111",
    "outside-project",
    Severity.ERROR,
    "'{path}' is not inside the project folder",
    "copy the file into the project and name it by its path there",
    "Only files under the project folder are read, after symbolic links are followed. This keeps a guideline complete wherever it is "
    "built, and keeps a text from pulling other files of the machine into a document that is then published.",
)
NOT_A_FILE = Rule(
    "MMG112",
    "not-a-file",
    Severity.ERROR,
    "'{path}' is not an ordinary file",
    "name an ordinary file",
    "Folders, devices and pipes cannot be read as part of a guideline; reading some of them would never end."
    " Name the file itself, not the folder it is in.",
)
FILE_TOO_LARGE = Rule(
    "MMG113",
    "file-too-large",
    Severity.ERROR,
    "'{path}' has {size}, more than the limit of {limit}",
    "split the file, or raise the limit under `limits:` in guideline.yaml",
    "A text, table or picture far beyond the usual size is nearly always the wrong file. The limit keeps a build within time and memory.",
)
NO_SECTIONS = Rule(
    "MMG114",
    "no-section-matches",
    Severity.ERROR,
    "no file matches '{pattern}'",
    "correct the pattern, or add the section",
    "A pattern such as sections/*.md in the list of sections must match at least one file."
    " A pattern that matches nothing is most often misspelt, and the chapter it meant would be missing without anybody noticing.",
)
UNREADABLE_FILE = Rule(
    "MMG115",
    "unreadable-file",
    Severity.ERROR,
    "'{path}' cannot be read: {problem}",
    "check the file's permissions",
    "The operating system refused to give out a file that the guideline names."
    " A build without it would be incomplete, so nothing is written.",
)
UNSUPPORTED_FILE = Rule(
    "MMG116",
    "unsupported-file",
    Severity.ERROR,
    "'{path}' is not a Markdown file",
    "sections end in .md or .markdown; convert the file, for example with pandoc",
    "Only pandoc's Markdown is read as a section. Other formats can include files and programs that a guideline must not depend on.",
)
UNKNOWN_CHECK = Rule(
    "MMG150",
    "unknown-check",
    Severity.ERROR,
    "there is no check '{name}'",
    "`mmguide explain` lists the codes and names of all checks",
    "A check is named by its code, such as MMG204, or its name, such as cited-twice-in-group. A misspelt name would leave a check in "
    "force that was meant to be silent, or the other way round, so it is reported.",
)
FIXED_CHECK = Rule(
    "MMG151",
    "fixed-check",
    Severity.ERROR,
    "{rule} can be neither switched off nor allowed",
    "mend what it reports; delete this setting",
    "Some findings stop a build whatever the guideline says: text that would run something on a reader's machine, reach other files, or "
    "keep the build from ending, and mistakes in guideline.yaml itself. All other checks can be set under `checks`.",
)
UNUSED_ALLOWANCE = Rule(
    "MMG152",
    "unused-allowance",
    Severity.WARNING,
    "nothing is reported here that this would allow",
    "delete it",
    "What is allowed at one place stays allowed when the text around it changes. An allowance whose finding is gone, or that never met "
    "one because it stands at the wrong place, would one day hide a new fault that nobody has looked at.",
)
ALLOWANCE_WITHOUT_REASON = Rule(
    "MMG153",
    "allowance-without-reason",
    Severity.ERROR,
    "this comment allows nothing: it needs a check and a reason",
    "write `<!-- mmguide: allow MMG204 both pages are meant -->`",
    "A comment that begins with `mmguide:` accepts a finding in the block behind it, or around it. It names the check by code or name "
    "and says why, so that the next editor can judge whether the reason still holds. Without both it has no effect.",
)
