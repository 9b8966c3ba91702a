"""The rules of group MMG64x Plots, evidence tables and pathways."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

NO_TABLE = Rule(
    "MMG641",
    "evidence-without-table",
    Severity.ERROR,
    "this {kind} does not say which data it shows",
    'name the table: data="data/trials.csv"',
    "Plots and evidence tables are made from the tables in the data folder. With more than one table the text must name the one that is "
    "meant, so that a table added later does not change what an older plot shows.",
)
UNKNOWN_TABLE = Rule(
    "MMG642",
    "unknown-data-table",
    Severity.ERROR,
    "there is no data table '{path}'",
    "name one of the files listed under `data:` in guideline.yaml",
    "The plot or table asks for a file that is not among the guideline's data, so there is nothing to show. Either the path has a spelling "
    "mistake or the file is not listed under `data:`.",
)
UNKNOWN_COLUMN = Rule(
    "MMG643",
    "unknown-data-column",
    Severity.ERROR,
    "the table {path} has no column '{column}'",
    "use a name of the table's first line",
    "A plot, table or list names a column that the data do not have. Nothing is guessed: the name must be exactly that of the table's "
    "first line.",
)
UNKNOWN_ROW = Rule(
    "MMG644",
    "unknown-data-row",
    Severity.ERROR,
    "the table {path} has no row '{row}'",
    "use an id of the table's first column",
    "The plot or table lists a row that the data do not have. Left out silently, a trial would be missing from the evidence without "
    "anybody noticing.",
)
UNKNOWN_OPTION = Rule(
    "MMG645",
    "unknown-evidence-option",
    Severity.ERROR,
    "{kind} has no option '{name}'",
    "the manual lists the options, see “Plots and tables from data”",
    "Attributes say which rows are shown and how. A misspelt one would leave its default in force, for example draw all trials instead of "
    "those that were meant, and nobody would notice.",
)
NOTHING_TO_DRAW = Rule(
    "MMG646",
    "nothing-to-draw",
    Severity.ERROR,
    "no row of {path} has a value with a confidence interval in the column '{column}'",
    "choose another column, other rows, or an evidence table in place of the plot",
    "A forest plot draws estimates with their intervals. When no row has both, the plot would be empty; an evidence table shows such "
    "values better.",
)
NO_VALUE_COLUMN = Rule(
    "MMG647",
    "forest-without-value",
    Severity.ERROR,
    "this forest plot does not say which column it draws",
    'name it: value="pfs_hr"',
    'A forest plot needs the column that holds the estimates; their limits are found beside it. `outcome="pfs"` is short for '
    '`value="pfs_hr"`.',
)
NO_CAPTION = Rule(
    "MMG648",
    "evidence-without-caption",
    Severity.ERROR,
    "this {kind} has no caption",
    "write the caption as a paragraph inside the div",
    "The caption says what a plot or table shows, of whom and measured how. Without one it cannot be numbered, listed or referred to.",
)
PATHWAY = Rule(
    "MMG649",
    "pathway-without-steps",
    Severity.ERROR,
    "this pathway cannot be drawn: {problem}",
    "write the steps as a list; branches are indented below their step",
    "A pathway is a list: each item is a step, the items indented below it are what follows. A branch begins with its condition in bold, "
    "for example `- **After transplant:** Offer lenalidomide`. An item that is only a link goes back to an earlier step.",
)
TOO_MANY_ROWS = Rule(
    "MMG651",
    "too-many-rows",
    Severity.ERROR,
    "a forest plot of {rows} rows cannot be read; the most are {most}",
    'choose rows: rows="a b c", or where="column"',
    "A plot longer than a page is cut or shrunk until nobody can read it. Show the trials that matter; the others fit an evidence table, "
    "which may go on over pages.",
)
NO_GLYPH = Rule(
    "MMG652",
    "no-glyph-in-drawing",
    Severity.ERROR,
    "no font at hand has the characters {characters} of this drawing",
    "write these names in other letters, or choose a table font that has them in styles/theme.yaml",
    "Letters of drawings are outlines of the theme's fonts, so that every reader sees the same. A character that no font has would be "
    "printed as an empty box.",
)
NOT_OUT_OF_100 = Rule(
    "MMG653",
    "icons-not-out-of-100",
    Severity.ERROR,
    "'{name}' ('{text}') cannot be shown as people out of 100",
    "name a value that is a percentage from 0 to 100, in a column of kind percent or with the unit %",
    "An icon array shows a chance as people: as many filled figures out of 100 as the percentage in the data. A time, a ratio or an empty "
    "cell has no such picture, and a wrong one would mislead the patient who looks at it.",
)
