"""Stage render: HTML for print becomes a PDF. WeasyPrint lays out the pages, with our fonts and without network or other files."""
