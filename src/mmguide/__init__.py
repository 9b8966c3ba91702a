"""mmguide compiles a clinical guideline kept as plain text into PDF, Word, a web page, handouts and releases."""

__version__ = "0.1.0"
