"""Many records into a workbook each: planned first, resumed after whatever happened, nobody's work overwritten."""

from .jobs import Job, Plan, plan
from .running import run
from .shelf import Outcome

__all__ = ["Job", "Outcome", "Plan", "plan", "run"]
