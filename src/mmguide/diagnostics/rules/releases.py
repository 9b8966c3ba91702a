"""The rules of group MMG82x Releases: the conditions under which a version leaves the house."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

VERSION_DIFFERS = Rule(
    "MMG830",
    "release-version-differs",
    Severity.ERROR,
    "guideline.yaml says version {said}, and {wanted} is to be released",
    "`mmguide release prepare {wanted}` writes version, status and dates into the sources; look at them and commit them",
    "A release is made from sources that say themselves which version they are, so that the commit, the snapshot and the pages agree. "
    "The release changes nothing in the sources: whoever reads the history sees what was released, and when.",
)
VERSION_NOT_GREATER = Rule(
    "MMG831",
    "release-version-not-greater",
    Severity.ERROR,
    "version {wanted} {problem}",
    "versions are MAJOR.MINOR.PATCH and only go up; the next one would be {next}",
    "Readers and programs tell from the number which of two versions is the newer one, and how much has changed. A number that is given "
    "twice, or goes back, would name two different texts.",
)
NOT_COMMITTED = Rule(
    "MMG832",
    "release-not-committed",
    Severity.ERROR,
    "{problem}",
    "commit the guideline's folder first, so that the release says which commit it was made from",
    "The manifest of a release names the git commit of its sources. With changes that are not committed, or without git, nobody can "
    "find later how the text came about. The snapshot in the release is whole all the same.",
)
UNDATED = Rule(
    "MMG833",
    "release-undated",
    Severity.ERROR,
    "the release has no date: with status {status}, `dates:` needs `{name}`",
    "`mmguide release prepare {version}` writes it",
    "The day of a release stands on its pages, in its manifest and in the labels of its recommendations. It comes from guideline.yaml and "
    "not from the clock, so that the same sources give the same bytes again.",
)
NOT_TO_RELEASE = Rule(
    "MMG834",
    "release-status",
    Severity.ERROR,
    "a guideline with status {status} is not released",
    "release it as draft, review or published; `mmguide release withdraw` records that a released version no longer holds",
    "Withdrawn and superseded are what becomes of a released version later. They are recorded beside it, never released in its place.",
)
HANDOUT_UNAPPROVED = Rule(
    "MMG835",
    "release-handout-unapproved",
    Severity.ERROR,
    "the handout '{name}' {problem}",
    "let somebody read it, then: mmguide handout approve {name} --role ROLE",
    "A release sends out the handouts with the guideline. Each has words of its own, which somebody with a role in the guideline has to "
    "have read as they stand now. Before publication this is a warning, since a draft may go out to be read and approved.",
)
STEP_TOO_SMALL = Rule(
    "MMG836",
    "release-step-too-small",
    Severity.ERROR,
    "{wanted} is a {step} step from {previous}, and the changes ask for a {asked} one: {reason}",
    "release {next} instead: `mmguide release prepare {next}`",
    "Major: a recommendation was turned round, regraded in strength or withdrawn. Minor: one is new or amended, or evidence or data "
    "changed. Patch: wording without a change of meaning. A reader who sees only the number must not overlook that advice has changed. "
    "Before 1.0.0 a minor step is enough for everything, and a patch step for all but major changes.",
)
ALREADY_RELEASED = Rule(
    "MMG837",
    "release-exists",
    Severity.ERROR,
    "version {version} was released before: {folder}",
    "a released folder is never changed; give the next text a version of its own",
    "Somebody may hold a copy of the release that is there. Two different texts under one version could not be told apart.",
)
NOT_PREPARED = Rule(
    "MMG838",
    "release-not-prepared",
    Severity.ERROR,
    "history.yaml has no entry for version {version}",
    "`mmguide release prepare {version}` writes it; look at it and commit it",
    "history.yaml keeps what each version advised, so that every build can say since when a recommendation holds, without git and without "
    "old releases. Its entry is part of the sources of the release, and is therefore written before it and not by it.",
)
NO_NOTE = Rule(
    "MMG839",
    "release-without-note",
    Severity.ERROR,
    "changes.yaml does not say what version {version} brings",
    "write an entry with its version and summary; `mmguide release prepare {version}` begins one",
    "Readers ask first what is new and why. The summary stands at the head of what-changed, which goes out with every release.",
)
CHANGES = Rule(
    "MMG820",
    "changes-invalid",
    Severity.ERROR,
    "changes.yaml cannot be used: {problem}",
    "write a list of entries with `version:`, `summary:` and `recommendations:`",
    "In changes.yaml people say what each version brings and why recommendations changed. What cannot be read there would be missing in "
    "the release.",
)
HISTORY = Rule(
    "MMG821",
    "history-invalid",
    Severity.ERROR,
    "history.yaml cannot be used: {problem}",
    "bring it back from git; `mmguide release prepare` writes it",
    "history.yaml is written by mmguide and keeps what each version advised. The years that recommendations bear are computed from it, so "
    "that an entry that cannot be read would make them wrong.",
)
NO_REASON_FOR_CHANGE = Rule(
    "MMG822",
    "change-without-reason",
    Severity.WARNING,
    "'{id}' {change} since version {previous}, and changes.yaml does not say why",
    "write the reason: `{id}: …` under version {version} in changes.yaml",
    "A panel owes its readers the reason for every change of its advice: new evidence, an error, a new price. CheckUp, the reporting "
    "standard for updates, asks for it, and a release is refused without it.",
)
HISTORY_STALE = Rule(
    "MMG823",
    "history-stale",
    Severity.WARNING,
    "'{id}' is not as history.yaml has it in version {version}",
    "before its release: `mmguide release prepare {version}` again; after it: begin the next version in changes.yaml",
    "The entry of a version in history.yaml is what it advised when it was prepared. When the text goes on, either the version was not "
    "released yet and is prepared again, or the change belongs to the next one.",
)
NOT_ONLY_WORDING = Rule(
    "MMG824",
    "not-only-wording",
    Severity.ERROR,
    "the change of '{id}' is called one of wording, and {problem}",
    "delete `wording: true`, and say why the advice changed",
    "A change of wording leaves the advice as it was and its year too. With another grade, another number or another negation the advice "
    "is another one, and readers have to be told.",
)
CHANGES_NAME_NOTHING = Rule(
    "MMG825",
    "reason-for-nothing",
    Severity.WARNING,
    "changes.yaml gives a reason for '{id}', {problem}",
    "correct the identifier, or delete the line",
    "A reason that belongs to no change is printed nowhere. Most often the identifier is misspelt, and the change it was meant for stays "
    "without a reason.",
)
