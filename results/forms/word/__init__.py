"""The report as a Word document: a file for the page, one for tables, one for captions and fields."""
