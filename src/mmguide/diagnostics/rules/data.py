"""The rules of group MMG62x Numbers from data."""

from __future__ import annotations

from mmguide.diagnostics.core import Rule, Severity

EMPTY_TABLE = Rule(
    "MMG621",
    "empty-data-table",
    Severity.ERROR,
    "'{path}' holds no data",
    "the first line names the columns, every further line is a row",
    "A data file is a table with comma-separated values: its first line names the columns. An empty one cannot answer any value, plot or "
    "table that the text asks it for.",
)
COLUMN_TWICE = Rule(
    "MMG622",
    "column-twice",
    Severity.ERROR,
    "the column name '{name}' is empty or stands twice",
    "give every column a name of its own in the first line",
    "Values are looked up by the name of their column. With two columns of one name, or a nameless one, nobody can say which value is "
    "printed.",
)
OPEN_QUOTE = Rule(
    "MMG623",
    "open-quote",
    Severity.ERROR,
    "this quotation mark is never closed",
    'close the cell with ", and write a quotation mark inside a cell twice ("")',
    "A cell that begins with a quotation mark goes on, over commas and line ends, until the next single one. Left open, it swallows the "
    "rest of the table, which then silently has fewer rows.",
)
RAGGED_ROW = Rule(
    "MMG624",
    "ragged-row",
    Severity.ERROR,
    "this row has {found} cells, the first line names {wanted} columns",
    "put cells that contain a comma into quotation marks, and keep the commas of empty cells",
    "A row that is too long or too short shifts every value behind the mistake into a wrong column. Such a row is left out and "
    "reported rather than guessed at.",
)
ROW_TWICE = Rule(
    "MMG625",
    "row-twice",
    Severity.ERROR,
    "a row with the id '{row}' stands already above",
    "give the row an id of its own, or name the columns that together identify a row under `key:` in the table's schema file",
    "A value in the text is cited by the id of its row. Two rows with one id mean that the text prints one of two numbers without "
    "saying which. Tables with one fact a row usually need several columns to tell the rows apart, for example trial, fact and arm.",
)
BAD_VALUE = Rule(
    "MMG626",
    "bad-value",
    Severity.ERROR,
    "'{text}' does not fit the column {column}: {problem}",
    "correct the value; if the column really holds something else, set its kind in the table's schema file",
    "Each column holds one kind of value: a number, a percentage, a ratio, months, a p value. A value of another kind could not be "
    "plotted, compared or formatted. Remarks belong in a column of their own. Without a schema file the kind follows from the column's "
    "name (…_hr, …_pct, …_months, …_p).",
)
UNKNOWN_STATUS = Rule(
    "MMG627",
    "unknown-status",
    Severity.ERROR,
    "'{status}' is not a status",
    "write `verified` or `from memory`, one for each value; give values with different status a status column each",
    "Every value is either verified, that is somebody read it in the source named beside it, or written from memory. The status decides "
    "whether a number is printed as unconfirmed, so a status that nobody defined counts as unconfirmed until it is mended.",
)
INTERVAL = Rule(
    "MMG628",
    "interval-not-around-value",
    Severity.ERROR,
    "the confidence interval {low} to {high} does not contain the value {value}",
    "compare the three numbers with the source",
    "A confidence interval lies around its estimate, with the lower limit first. Where it does not, a digit was mistyped, limits were "
    "exchanged, or value and interval come from different analyses.",
)
HALF_INTERVAL = Rule(
    "MMG629",
    "half-interval",
    Severity.ERROR,
    "only one limit of the confidence interval of {column} is given",
    "give both limits or none",
    "An interval with one limit can be neither printed nor drawn. If only one limit is known, leave both out and say so in a remark.",
)
SCHEMA = Rule(
    "MMG630",
    "schema-invalid",
    Severity.ERROR,
    "the schema of the table cannot be used: {problem}",
    "the manual lists what a schema file takes, see “Numbers from data”",
    "The schema file beside a table says what its columns hold: label, unit, kind, decimals, status and interval columns. What it does not "
    "say is taken from the columns' names, so a misspelt line would silently change how numbers are printed.",
)
SCHEMA_COLUMN = Rule(
    "MMG631",
    "schema-unknown-column",
    Severity.ERROR,
    "the table has no column '{name}'",
    "correct the name in the schema file, or rename the column in the table",
    "The schema names a column that the first line of the table does not. Either the column was renamed or the schema has a spelling "
    "mistake; what it says would have no effect.",
)
UNKNOWN_VALUE = Rule(
    "MMG632",
    "unknown-value",
    Severity.ERROR,
    "the data have no value '{name}'",
    "write row.column, for example calgb100104.pfs_hr, or the id of a row in a table of facts",
    "`[row.column]{{.value}}` prints a cell of the tables in the data folder. When the row or the column does not exist there, there is "
    "nothing to print, and a number must never be left out silently.",
)
EMPTY_VALUE = Rule(
    "MMG633",
    "empty-value",
    Severity.ERROR,
    "the cell '{name}' is empty",
    "fill in the cell, or take the value out of the text",
    "The text prints a value that the table does not give. A sentence with a hole where its number was says something else, so nothing "
    "is built until the cell is filled or the sentence changed.",
)
NO_INTERVAL = Rule(
    "MMG634",
    "no-interval",
    Severity.ERROR,
    "'{name}' has no confidence interval in the data",
    "give both limits in the table, or take `ci=true` out of the text",
    "`ci=true` prints the confidence interval beside the value. The limits stand in the columns with the value's name and _low and _high, "
    "or in those that the schema names.",
)
VALUE_OPTION = Rule(
    "MMG635",
    "value-option",
    Severity.ERROR,
    "a value cannot be printed with {option}",
    "ci=true prints the confidence interval, unit=false leaves the unit out, decimals=1 rounds",
    "The attributes of `[row.column]{{.value}}` say how it is printed. A misspelt one would have no effect and nobody would notice.",
)
CONTRADICTS_DATA = Rule(
    "MMG636",
    "contradicts-data",
    Severity.WARNING,
    "{written} is not in the data of {names}, which have {known}",
    "correct the number, or print it from the data: [row.column]{{.value}}",
    "The sentence cites a reference whose results stand in the data tables, and gives a number that none of them has: a ratio or its "
    "interval, the p value behind a ratio, a median of survival or follow-up, or one of two percentages of which the other is in the "
    "data. Either the sentence or the table has a slip, or the number belongs to another analysis, which the sentence should then cite.",
)
