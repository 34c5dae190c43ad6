"""A scenario as a workbook of sheets to fill in (方案工作簿)."""
