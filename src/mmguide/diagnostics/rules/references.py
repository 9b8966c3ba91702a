"""The rules of group MMG3xx References."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

UNKNOWN_FORMAT = Rule(
    "MMG301",
    "unknown-reference-format",
    Severity.ERROR,
    "the reference file {path} has an ending that mmguide does not know",
    "use one of: {known}",
    "The format of a reference file is taken from its name: .json is CSL-JSON, .yaml or .yml CSL-YAML, .bib BibTeX or "
    "BibLaTeX, .ris RIS, .nbib or .medline PubMed, .xml an EndNote export. The content is never guessed, since a "
    "wrong guess loses references without a word. Rename the file, or export it again in one of these formats.",
)

UNREADABLE_FILE = Rule(
    "MMG302",
    "unreadable-reference-file",
    Severity.ERROR,
    "this reference file cannot be read: {reason}",
    "mend the file here, or export it again from your reference manager",
    "The file as a whole is not in the format that its ending promises, so none of what stands behind this place could be "
    "read. Every citation that needs one of its entries would be reported as undefined. Correct the place or export the file "
    "again.",
)

UNREADABLE_ENTRY = Rule(
    "MMG303",
    "unreadable-reference",
    Severity.ERROR,
    "this reference cannot be read: {reason}",
    "correct this entry; the other entries of the file were read",
    "One entry of a reference file is broken: a bracket or comma is missing, or a field holds something that its kind does "
    "not allow, such as a sentence where a list of authors belongs. The entry is left out and the rest of the file is used. "
    "Correct the entry or delete it.",
)

NO_KEY = Rule(
    "MMG304",
    "reference-without-key",
    Severity.ERROR,
    "this reference has no key, so nothing can cite it",
    "give it a key of its own, such as attal2012",
    "A text cites a reference by its key. An entry without one can never be printed, and is most often the remains of an "
    "export that went wrong. Give the entry a short key of letters and digits that no other entry has.",
)

CROSSREF_LOOP = Rule(
    "MMG305",
    "crossref-loop",
    Severity.ERROR,
    "{key} inherits from itself through {field}: {chain}",
    "remove one of these {field} fields",
    "BibTeX's crossref and BibLaTeX's xdata take missing fields from another entry. Here the entries point at each other in a "
    "circle (or through more than twenty steps), so there is no beginning to take anything from. The entry was read without "
    "the inherited fields; remove the field that closes the circle.",
)

CROSSREF_MISSING = Rule(
    "MMG306",
    "crossref-missing",
    Severity.ERROR,
    "{key} takes fields from {parent}, which is in none of the BibTeX files",
    "add the entry {parent}, or remove the field {field}",
    "BibTeX's crossref and BibLaTeX's xdata take missing fields, such as the title of the book, from another entry. That "
    "entry is not there, so the printed reference would be incomplete. Add it to one of the project's BibTeX files or write "
    "the fields into this entry.",
)

REFUSED_YAML = Rule(
    "MMG307",
    "yaml-alias-or-tag",
    Severity.ERROR,
    "{what} are not allowed in a reference file",
    "write the value out in full; put quotes around it if it is meant as text",
    "YAML's anchors (&), aliases (*) and tags (!) let a small file unfold into a huge one or ask for objects of a program. "
    "mmguide reads none of them. Where such a sign begins an ordinary text, put the text in quotes; otherwise write the "
    "repeated value at each place.",
)

BAD_CHARACTER = Rule(
    "MMG308",
    "invisible-character-in-reference",
    Severity.ERROR,
    "the field {field} of {key} holds {character}, which cannot be printed",
    "delete the character, or type the text anew",
    "Control characters and marks that turn the direction of writing come into references by copying from PDF files. They are "
    "invisible in an editor, can make a text read other than it is stored, and stop the engines that set the document. The "
    "character was left out; delete it in the file.",
)

UNSAFE_LINK = Rule(
    "MMG309",
    "unsafe-reference-link",
    Severity.ERROR,
    "the address of {key} is not a web address: {address}",
    "use an address that begins with https:// or http://",
    "Addresses of references become links in every output. One that begins with javascript:, data: or file: could run a "
    "program or point into the machine of the person who clicks it, and none of them leads a reader to the source. Give the "
    "web address, or delete the field.",
)

GUESSED_NAME = Rule(
    "MMG310",
    "guessed-name",
    Severity.WARNING,
    "the name {name} has no comma; it was read as a person whose last word is the family name",
    "write it as `Family, Given`, or add a comma at its end if it is the name of a body",
    "RIS, PubMed and EndNote files write a person as `Family, Given`. Without the comma nobody can tell a person from a body "
    "such as a study group, and the reference list would print the wrong word first. Look at the name and write it with its "
    "comma.",
)

DUPLICATE_KEY = Rule(
    "MMG311",
    "duplicate-reference-key",
    Severity.ERROR,
    "the key {key} is given twice, first at {other}",
    "delete one of the two entries, or give one of them another key",
    "Two entries have one key, so a citation of it could mean either. The first would be printed, and which one is the first "
    "depends on the order of the files. Where both entries are equal in every field this is only a warning.",
)

SAME_WORK = Rule(
    "MMG312",
    "same-work-under-two-keys",
    Severity.WARNING,
    "{key} is the same work as {first}, which is cited before",
    "cite it as {first} everywhere and delete the entry {key}",
    "Two keys lead to one work: the entries share a DOI, PMID or PMCID, or title, first author and year. The list of "
    "references prints the work once, under the key that is cited first, so that readers do not take one study for two. Use "
    "one key throughout.",
)

PREPRINT = Rule(
    "MMG313",
    "preprint-beside-article",
    Severity.WARNING,
    "{key} is the preprint of {article}, and both are cited",
    "cite the article {article} instead of the preprint, or say in the text why both are needed",
    "A preprint and the article it became are one study. Citing both makes the evidence look like more than it is, and the "
    "preprint may hold numbers that peer review changed. Cite the article.",
)

CLASHING_IDENTIFIER = Rule(
    "MMG314",
    "identifier-of-another-work",
    Severity.WARNING,
    "{kind} {value} stands in {key} and in {first}, but the titles have nothing in common",
    "look up the {kind} and correct it in the entry where it is wrong",
    "An identifier belongs to one work. When two entries with different titles carry the same one, it was copied into the "
    "wrong entry, and a reader who follows it lands at another study.",
)

INCOMPLETE = Rule(
    "MMG315",
    "incomplete-reference",
    Severity.WARNING,
    "{key} ({type}) lacks: {parts}",
    "look the work up and add what is missing",
    "A reference must let a reader find the work. What is needed depends on its type: an article needs authors, title, "
    "journal, date and either volume and pages or a DOI; a book its publisher; a web page its address and the day it was "
    "read. Only references that are cited are looked at.",
)

IMPOSSIBLE = Rule(
    "MMG316",
    "impossible-identifier",
    Severity.WARNING,
    "{kind} {value} cannot exist: {reason}",
    "copy the number again from the publisher, the register or PubMed",
    "DOI, PMID, PMCID, ISBN, ISSN, ORCID and trial numbers have fixed forms, and most carry a check digit. This one breaks "
    "its form, so it was mistyped or cut, and it will lead nobody to the source.",
)

DOI_PREFIX = Rule(
    "MMG317",
    "doi-with-address",
    Severity.WARNING,
    "the DOI of {key} is written as an address",
    "write only {plain}",
    "A DOI begins with 10. and a citation style puts https://doi.org/ before it. With the address already in the field some "
    "styles print it twice.",
)

FUTURE_YEAR = Rule(
    "MMG318",
    "year-in-the-future",
    Severity.WARNING,
    "{key} is dated {year}, but the guideline is of {latest}",
    "correct the year of the entry, or the dates in guideline.yaml",
    "A guideline cannot cite what appeared after it. The year is compared with the latest date in guideline.yaml, or with "
    "today where it gives none; one year more is allowed, since articles appear online before their issue.",
)

YEAR_AGAINST_VOLUME = Rule(
    "MMG319",
    "year-against-volume",
    Severity.WARNING,
    "{key} is volume {volume} of {journal} in {year}, but {other} is volume {other_volume} in {other_year}",
    "look up both; year or volume of one of them is wrong",
    "The volumes of a journal follow the years. Two cited articles of one journal contradict each other by more than the year "
    "that lies between an article online and its issue, so one of the numbers is wrong.",
)

BACKWARD_PAGES = Rule(
    "MMG320",
    "pages-run-backwards",
    Severity.WARNING,
    "the pages of {key} run backwards: {pages}",
    "look up the pages and correct them",
    "The last page comes before the first. Shortened ranges such as 1782-91 are understood as 1782 to 1791.",
)

MARKUP = Rule(
    "MMG321",
    "markup-in-reference",
    Severity.WARNING,
    "the field {field} of {key} holds markup that would be printed as it stands: {found}",
    "write the sign itself; for italics and raised letters use <i>, <sup> and <sub>",
    "Exports leave HTML, entities or TeX in titles. A reference list understands <i>, <b>, <sup>, <sub> and small capitals "
    "only; all else is printed letter by letter.",
)

CAPITALS = Rule(
    "MMG322",
    "capitals-in-reference",
    Severity.WARNING,
    "a {what} of {key} is in capitals: {text}",
    "write it as the publisher does, with capitals only where they belong",
    "Databases of earlier times stored names and titles in capitals. Printed so, they stand out from the rest of the list, "
    "and no style can turn them back, since it cannot know which letters are capitals by right.",
)

ET_AL = Rule(
    "MMG323",
    "et-al-as-author",
    Severity.WARNING,
    "{key} has an author called {name}",
    "name all authors, or as many as you have, and delete this one; the style shortens the list by itself",
    "`et al` is what a style prints after the authors it shows. As the name of an author it would be printed as a person, "
    "turned round or abbreviated.",
)

UNCONFIRMED = Rule(
    "MMG324",
    "unconfirmed-reference",
    Severity.WARNING,
    "parts of {key} are written from memory: {parts}",
    "look them up and set their verification to verified, or allow it by name in guideline.yaml",
    "The entry itself says, under custom.verification, that nobody has looked these parts up. In a draft that is a warning. "
    "In a published guideline it is an error, unless guideline.yaml allows it for this key with a reason.",
)

RETRACTED = Rule(
    "MMG325",
    "retracted-reference",
    Severity.ERROR,
    "{key} was retracted: {notice}",
    "remove the citation and what rests on it; if it is cited because it was retracted, allow it by name in guideline.yaml",
    "A retracted work must not support a recommendation. The notice comes from the project's table of retractions (`mmguide "
    "refs retractions update`), from the title, or from the fields that Crossref and PubMed put into an entry. Where the "
    "retraction itself is the subject, allow the key with the reason.",
)

OF_CONCERN = Rule(
    "MMG326",
    "reference-of-concern",
    Severity.ERROR,
    "an expression of concern was published about {key}: {notice}",
    "read the notice; keep the citation only with a reason in guideline.yaml",
    "The journal has doubts about this work that are not settled. The panel has to decide whether the guideline can rest on "
    "it, and say why.",
)

CORRECTED = Rule(
    "MMG327",
    "corrected-reference",
    Severity.ERROR,
    "{key} was corrected after it appeared: {notice}",
    "compare the guideline's numbers with the correction, then allow the key in guideline.yaml and say that it was done",
    "A correction can change the very number that the guideline quotes. Somebody has to look at it once; the reason given "
    "under `allow:` records that it was done.",
)

NOTICE_CITED = Rule(
    "MMG328",
    "retraction-notice-cited",
    Severity.WARNING,
    "{key} is itself a notice of retraction or concern: {notice}",
    "cite the study that is meant, or allow the key in guideline.yaml if the notice is meant",
    "Searches find the notice beside the article, and the two are easily mistaken for each other. A notice holds no evidence "
    "of its own.",
)

UNCITED = Rule(
    "MMG329",
    "uncited-references",
    Severity.NOTE,
    "{count} of {all} references in this file are never cited: {names}",
    "`mmguide refs unused` lists them; they do no harm",
    "References that no text cites are not printed. They may be a library that several guidelines share, or the remains of a "
    "sentence that was deleted.",
)

UNUSABLE_RETRACTIONS = Rule(
    "MMG330",
    "unusable-retraction-table",
    Severity.ERROR,
    "this is not a table of retractions that mmguide made",
    "make it with `mmguide refs retractions update FILE.csv` from the CSV file of Retraction Watch",
    "The table of retractions is the file that tells which cited works were retracted. Without it a retracted study could "
    "pass without a word, so a file that cannot be read is an error.",
)

UNKNOWN_STYLE = Rule(
    "MMG390",
    "unknown-citation-style",
    Severity.ERROR,
    "there is no citation style called {name}",
    "use the name of a published CSL style, or a .csl file of the project",
    "The style decides how citations and the list of references look. It is taken by its name from the published CSL styles, "
    "which come with mmguide, or from a file in the project. The names are those of the Zotero style repository, for instance "
    "nlm-citation-sequence-brackets, american-medical-association or the-lancet.",
)

UNUSABLE_STYLE = Rule(
    "MMG391",
    "unusable-citation-style",
    Severity.ERROR,
    "the citation style {name} cannot be used: {reason}",
    "choose a published style by its name, or correct the file",
    "A citation style is an XML file in the Citation Style Language. Many journals' styles only point at another style, their "
    "parent; it is looked up among the published styles that come with mmguide and never fetched from the network, so that a "
    "guideline looks the same tomorrow and on a machine without a connection.",
)
