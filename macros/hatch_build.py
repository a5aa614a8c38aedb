"""The wheel carries the built add-in, so that installing needs no builder; and what lies in macros/."""

import sys
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("*.bas", "*.cls", "*.lock")


class AddinHook(BuildHookInterface):
    """Builds xladdin/data/xladdin.xlam into the wheel; an editable install builds it when it is asked for."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Called by hatchling before the wheel is put together."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from xladdin.excel.addin.package import build
        finally:
            sys.path.remove(str(root))
        self._scratch = tempfile.TemporaryDirectory()
        into = build_data["force_include"]
        into[str(build(Path(self._scratch.name) / "xladdin.xlam"))] = "xladdin/data/xladdin.xlam"
        for pattern in SOURCES:
            into.update({str(path): f"xladdin/macros/{path.name}" for path in sorted((root / "macros").glob(pattern))})

    def finalize(self, version: str, build_data: dict, artifact_path: str) -> None:
        """Called by hatchling afterwards."""
        if version != "editable":
            self._scratch.cleanup()
