"""The product from Python: questions to scenarios, and answers that print, plot and become data frames."""
