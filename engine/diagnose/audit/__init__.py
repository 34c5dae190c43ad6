"""Audit of the target sheet: do its rows fit one another, before anything is simulated (目标体检)."""

from .line import Audit, AuditLine
from .sheet import audit

__all__ = ["Audit", "AuditLine", "audit"]
