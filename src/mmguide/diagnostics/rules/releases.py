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
