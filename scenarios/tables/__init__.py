"""Tables as planners keep them, in text files and workbooks, with their headings, units and words (表格)."""
