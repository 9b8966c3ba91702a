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
