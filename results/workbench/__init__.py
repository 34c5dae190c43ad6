"""The workbench: a plan on a page that answers while it is moved (工作台)."""
