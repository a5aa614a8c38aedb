"""Records and findings as pandas DataFrames, and records back from them."""

from .giving import findings_frame, frames
from .taking import from_frames

__all__ = ["findings_frame", "frames", "from_frames"]
