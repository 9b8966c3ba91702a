"""Stage check: plain language in what patients get: reading grade, long sentences, passive voice, jargon, percentages, double negation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mmguide.assemble.glossary import term_pattern, terms_in
from mmguide.check.grade import costliest_sentences, costliest_words, counted, grade, is_measured, load_formulas
from mmguide.check.running import Prose, prose
from mmguide.check.sentences import Sentence, sentences
from mmguide.diagnostics import Diagnostic, Span
from mmguide.diagnostics.rules import reading as rules
from mmguide.labels import primary
from mmguide.model.manuscript import Manuscript, Section
from mmguide.model.settings import Readability, Settings

_SENTENCES = ("paragraph", "item", "note")
_NAMED = 3  # of the sentences and of the words that cost most
_JARGON_LANGUAGES = ("en",)

_PARTICIPLES = (
    "begun|borne|born|bought|brought|broken|built|caught|chosen|cut|dealt|done|drawn|driven|drunk|eaten|felt|found|given|gone|grown|"
    "heard|held|hurt|kept|known|laid|led|left|lost|made|meant|met|paid|put|read|said|seen|sent|set|shown|shut|sold|spent|spoken|"
    "stolen|stopped|taken|taught|told|thought|thrown|understood|worn|written"
)
# Words on -ed that say how something is, not what is done to it, and words that are no participles.
_STATES = (
    "allowed|annoyed|ashamed|bed|bored|called|concerned|confused|crowded|depressed|excited|feed|frightened|hundred|indeed|interested|involved|"
    "limited|located|married|need|pleased|red|related|retired|satisfied|scared|seed|speed|supposed|surprised|tired|upset|used to|worried"
)
_PASSIVE = re.compile(
    r"\b(?:am|is|are|was|were|be|been|being)\s+(?:(?:not|never|also|always|often|then|now|still|usually|sometimes|\w+ly)\s+){0,2}"
    rf"(?!(?:{_STATES})\b)(?:\w{{2,}}ed|{_PARTICIPLES})\b",
    re.IGNORECASE,
)
_NEGATIVE = r"(?:not|never|no|nobody|none|nothing|cannot|\w+n['’]t)"
_UN = (
    r"(?:un(?:able|acceptable|aware|clear|common|happy|important|likely|necessary|pleasant|reasonable|safe|suitable|usual|willing|wise)"
    r"|impossible|improbable|inadequate|inappropriate|incorrect|infrequent|insignificant|irrelevant)"
)
# The two in one clause: what a comma or a joining word parts is said about different things.
_GAP = r"(?:\s+(?!and\b|or\b|but\b|because\b|if\b|when\b|so\b|that\b)[\w'’]+){0,5}?\s+"
_DOUBLE = re.compile(
    rf"\b{_NEGATIVE}\b(?:{_GAP}(?:without|unless|nothing|nobody|never|fail(?:s|ed)? to)\b|(?:\s+(?:an?|at all|very|entirely))?\s+{_UN}\b)",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(r"\d+(?:[.,]\d+)?\s*(?:%|٪|per\s*cent\b|percent\b)", re.IGNORECASE)
_OUT_OF = re.compile(r"(?<![\d.,])(?:10|100|1[.,\u00a0\u202f ]?000|10[.,\u00a0\u202f ]?000|١٠٠)(?![\d%]|[.,]\d|\s*%)")


class Text(Struct, frozen=True, dict=True):
    """A text for patients: the handout's name, its language, what it must keep to, and its blocks."""

    name: str
    language: str
    wanted: Readability
    section: Section
    blocks: tuple[Prose, ...]

    @property
    def title(self) -> Span:
        headings = self.section.scan.headings
        return headings[0].span if headings else Span(self.section.path)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [one for block in self.blocks if block.paragraph.kind in _SENTENCES for one in sentences(block)]


def prepare(settings: Settings) -> None:
    """Load what texts for patients are measured with, where there are any that can be measured."""
    texts = (spec for spec in settings.handouts.values() if spec.audience == "patient" and spec.file)
    if any(is_measured(spec.language or settings.language) for spec in texts):
        load_formulas()


def check_plain_language(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """All that makes a patient's text harder than it need be; what is not known of its language is said, not guessed."""
    for text in patient_texts(manuscript):
        yield from _grade(text)
        yield from _long_sentences(text)
        yield from _percentages(manuscript, text)
        if primary(text.language) == "en":
            yield from _turns(text)
        yield from _jargon(manuscript, text)


def patient_texts(manuscript: Manuscript) -> Iterator[Text]:
    """The texts of the handouts for patients, in every language, each once."""
    settings = manuscript.project.settings
    seen: set[str] = set()
    for name, spec in settings.handouts.items():
        for language in manuscript.languages_of(name) if spec.audience == "patient" else ():
            section = manuscript.text_of(name, language)
            if section is None or section.path in seen:
                continue
            seen.add(section.path)
            alone = replace(manuscript, sections=(section,), included=_included(manuscript, section))
            yield Text(name, language, spec.readability or settings.readability, section, tuple(prose(alone)))


def _included(manuscript: Manuscript, section: Section) -> tuple[Section, ...]:
    wanted = {dict(c.attributes).get("file", "") for c in section.scan.containers if "include" in c.classes}
    return tuple(one for one in manuscript.included if one.path in wanted)


def _grade(text: Text) -> Iterator[Diagnostic]:
    if not is_measured(text.language):
        yield rules.NOT_MEASURED.at(text.title, name=text.name, language=text.language)
        return
    measured = counted(text.sentences)
    if not measured:
        return
    found = grade(measured)
    if found.highest <= text.wanted.grade:
        return
    smog = f" and {found.smog:.1f} (SMOG)" if found.smog is not None else ""
    shown = f"{found.kincaid:.1f} (Flesch-Kincaid){smog}"
    yield rules.READING_GRADE.at(text.title, name=text.name, grade=shown, most=f"{text.wanted.grade:g}")
    for one, alone in costliest_sentences(measured, text.wanted.grade, _NAMED):
        yield rules.COSTLY_SENTENCE.at(one.sentence.place, words=one.words, syllables=one.syllables, grade=f"{alone:.1f}")
    for word, syllables, places in costliest_words(measured, _NAMED):
        times = "once" if len(places) == 1 else f"{len(places)} times"
        yield rules.COSTLY_WORD.at(places[0], word=word, syllables=syllables, times=times, related=tuple(places[1:]))


def _long_sentences(text: Text) -> Iterator[Diagnostic]:
    for sentence in text.sentences:
        if (count := len(sentence.words())) > text.wanted.sentence:
            yield rules.LONG_SENTENCE.at(sentence.place, words=count, most=text.wanted.sentence)


def _turns(text: Text) -> Iterator[Diagnostic]:
    """The passive voice and double negations of English."""
    for block in text.blocks:
        for sentence in sentences(block):
            for match, place in sentence.find(_PASSIVE):
                yield rules.PASSIVE.at(place, words=" ".join(match[0].split()))
            for match, place in sentence.find(_DOUBLE):
                yield rules.DOUBLE_NEGATION.at(place, words=" ".join(match[0].split()))


def _percentages(manuscript: Manuscript, text: Text) -> Iterator[Diagnostic]:
    """Percentages in a block that nowhere counts people out of 10, 100 or 1000."""
    for block in text.blocks:
        if _OUT_OF.search(block.text):
            continue
        for match, place in block.find(_PERCENTAGE):
            yield rules.PERCENTAGE.at(place, number=" ".join(match[0].split()))
        lines = range(block.paragraph.span.line, block.paragraph.span.end_line + 1)
        for marked in block.scan.marked:
            fact = manuscript.data.fact(marked.text) if "value" in marked.classes and marked.span.line in lines else None
            bare = dict(marked.attributes).get("unit", "").lower() in ("false", "no")
            if fact is not None and not bare and "percent" in (fact.column.kind, fact.column.unit.replace("%", "percent")):
                yield rules.PERCENTAGE.at(marked.span, number=marked.text)


@cache
def _listed(language: str) -> Mapping[str, str]:
    """Terms of the trade with plain words for them; none where there is no list of the language."""
    if language not in _JARGON_LANGUAGES:
        return {}
    path = Path(__file__).parents[1] / "wordlists" / f"jargon-{language}.json"
    words: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def _jargon(manuscript: Manuscript, text: Text) -> Iterator[Diagnostic]:
    """Each term of the trade at its first use, unless the glossary or the text itself explains it."""
    settings = manuscript.project.settings
    listed = dict(_listed(primary(text.language)))
    if primary(text.language) == primary(settings.language):
        listed.update(settings.abbreviations)
    glossed = {term.lower() for term in settings.glossary_of(text.language)}
    explained = {block.text.strip().lower() for block in text.blocks if _is_term(block)} | glossed
    met = terms_in("\n".join(block.text for block in text.blocks), (*listed, *glossed)) if listed else []
    if not met:
        return
    pattern = term_pattern(met)
    told: set[str] = set()
    for block in text.blocks:
        for match, place in block.find(pattern):
            term = next((t for t in (match[1], match[1].lower()) if t in listed), "")
            before = block.text[max(0, match.start() - 9) : match.start()].rstrip(" *_“\"'")
            by_hand = block.text[match.end() :].lstrip("* ").startswith("(") or before.endswith(("(", "called"))
            if term and term.lower() not in told | explained and not by_hand:
                yield rules.JARGON.at(place, term=match[0], plain=listed[term])
            told.add(term.lower())


def _is_term(block: Prose) -> bool:
    """Whether a block is a term of a definition list: the next line begins with a colon."""
    return block.paragraph.kind == "paragraph" and block.scan.source.line(block.paragraph.span.end_line + 1)[:1] in (":", "~")


def check_glossary(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Terms of the glossary that no text for patients uses."""
    project, settings = manuscript.project, manuscript.project.settings
    texts = list(patient_texts(manuscript))
    for name, given in settings.glossary.items():
        language = settings.language if isinstance(given, str) else name
        everything = "\n".join(b.text for t in texts if primary(t.language) == primary(language) for b in t.blocks)
        terms = (name,) if isinstance(given, str) else tuple(given)
        used = {" ".join(match[1].lower().split()) for match in term_pattern(terms).finditer(everything)} if terms else ()
        for term in terms:
            # A shorter term can stand inside a longer one.
            if " ".join(term.lower().split()) not in used and not term_pattern((term,)).search(everything):
                place = project.place("glossary", name) if term == name else project.place("glossary", name, term)
                yield rules.GLOSSARY_UNUSED.at(place, term=term, language=language)
