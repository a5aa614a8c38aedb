"""Write macros/bundle.lock: python macros/lock.py PYTHON WHEELS… (macros/README.md says where both come from)."""

import hashlib
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from xladdin.excel.addin.bundle.interpreter import interpreter  # noqa: E402

HEAD = "# What the offline installer is made of: Pythons (for xladdin to read), and wheels (for pip, too)."


def main(python: str, *wheels: str) -> None:
    """python: a folder or package. wheels: the files."""
    given = interpreter(Path(python))
    rows = []
    for path in map(Path, wheels):
        name, version = path.name.split("-")[:2]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(f"{re.sub(r'[-_.]+', '-', name).lower()}=={version} --hash=sha256:{digest}")
    text = "\n".join([HEAD, f"# python {given.version} sha256:{given.digest}", *sorted(rows), ""])
    Path(__file__).with_name("bundle.lock").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
