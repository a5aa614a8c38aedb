"""An output folder with its journal: it takes files without losing what somebody wrote into one."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from ..errors import Place, SaveError, XladdinError
from ..files import digest_of
from ..spread import Lost
from ..workbook import saving
from .jobs import CONFLICT, EDITED, FILLING, FOREIGN, LEFT, OUTDATED, REFUSED, SAME, UNREAD, Job, state_of
from .journal import DONE, FAILED, SAVING, Journal, identity
from .journal import REFUSED as LEFT_ALONE
from .lock import FolderLock

STALE = 3600  # seconds after which a temporary file belongs to no run any more
_MARK = "shelf-"  # in the names of temporary files that only the folder's one writer makes
_FORCE = "确需覆盖的加 --force，原文件会留一份"
_REFUSALS = {
    EDITED: ("这个文件有人改过，没有覆盖", f"请核对；{_FORCE}"),
    OUTDATED: ("这个文件是旧版程序生成的，后来有人改过，没有覆盖", f"请核对金额单位和得分；{_FORCE}"),
    CONFLICT: ("内容改过，而这个文件也有人改过，没有覆盖", f"请把改动抄进去；{_FORCE}"),
    FOREIGN: ("这个文件已经存在，不是在这里生成的，没有覆盖", f"请移走它，或换一个名称、文件夹；{_FORCE}"),
    UNREAD: ("已有同名的文件（夹），现在读不了，没有动", "请在 Excel 里关闭它，或移走它，再运行一次"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job.

    state: how its file stood. path: the file, when it was written now. error: why it was not, where that
    needs somebody. kept: where the file it replaced lies. unplaced: fields the form had no place for.
    trace: of a bug.
    """

    job: Job
    state: str
    path: Path | None = None
    error: XladdinError | None = None
    kept: Path | None = None
    unplaced: tuple[str, ...] = ()
    trace: str = ""

    @property
    def untouched(self) -> bool:
        """Whether the file stays as it is, and nobody has to be asked."""
        return self.state in LEFT and not (self.path or self.error)

    @property
    def refused(self) -> bool:
        """Whether the file was not overwritten because somebody wrote it, or into it."""
        return self.state in REFUSED and isinstance(self.error, SaveError)


@dataclass(frozen=True, slots=True)
class Filled:
    """What comes back from a worker: the workbook's bytes, or why there are none."""

    data: bytes = b""
    error: XladdinError | None = None
    unplaced: tuple[str, ...] = ()
    trace: str = ""


class Shelf:
    """An output folder with its journal and the lock of its one writer; takes files without losing anybody's work.

    Entering it raises Held while another process writes there.
    """

    def __init__(self, folder: Path, command: str):
        self.folder, self.command = folder, command
        self.lock = FolderLock(folder)
        self._since = dt.datetime.now()

    def __enter__(self) -> Shelf:
        self.lock.take()
        try:
            self.journal = Journal(self.folder)  # as it is now that nobody else adds to it
            _sweep(self.folder)
        except BaseException:
            self.lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close()
        self.lock.release()

    @property
    def unlocked(self) -> SaveError | None:
        """Why nothing kept a second run out of the folder, where nothing did."""
        error = self.lock.unlocked
        return saving.save_error(error, Place(file=str(self.lock.path))) if error else None

    @property
    def unwritten(self) -> SaveError | None:
        """Why the journal is not complete, where it is not."""
        error = self.journal.broken
        return saving.save_error(error, Place(file=str(self.journal.path))) if error else None

    def take(self, job: Job, filled: Filled | Lost, force: bool) -> Outcome:
        """Save what was filled, unless the file is somebody's by now; the journal tells either way."""
        told = dict(job.told)
        if job.origin:
            told |= {"from": str(job.origin), "from_sha256": digest_of(job.origin)}
        if isinstance(filled, Lost):
            filled = Filled(
                error=XladdinError(f"填写的进程中途退出，这一项没有完成（{filled}）", advice="请再运行一次")
            )
        if filled.error:
            self.journal.add(FAILED, job.path.name, why=str(filled.error), **told)
            state = state_of(job.path, job.digest, self.journal, identity(job.told))
            return Outcome(job, state, error=filled.error, trace=filled.trace)
        try:
            state, kept = self.put(job.path, job.digest, filled.data, force, **told)
        except SaveError as error:
            return Outcome(job, state_of(job.path, job.digest, self.journal, identity(job.told)), error=error)
        if state in (*REFUSED, UNREAD) and kept is None:
            why = refusal(job.path, state)
            self.journal.add(LEFT_ALONE, job.path.name, why=why.what, **told)
            return Outcome(job, state, error=None if state in LEFT else why)
        written = None if state == SAME else job.path
        return Outcome(job, state, written, kept=kept, unplaced=filled.unplaced if written else ())

    def put(self, path: Path, digest: str, data: bytes, force: bool, **told: object) -> tuple[str, Path | None]:
        """Save `data` to `path`: how the file stood, and where a copy of it is kept if it was replaced by force.

        SAME: what is there needs no writing. Without a copy, EDITED to UNREAD were left as they are. Raises SaveError.
        """
        output = hashlib.sha256(data).hexdigest()
        line = {"input": digest, "output": output, "by": self.command, "filling": FILLING, **told}
        seen = digest_of(path)  # the one look that everything below goes by
        state = state_of(path, digest, self.journal, identity(told), seen)
        if seen == output:
            self.journal.add(DONE, path.name, **line)
            return SAME, None
        if state == UNREAD or (state in REFUSED and not force):
            return state, None
        try:
            kept = saving.keep(path, self._since) if state in REFUSED else None
            self.journal.add(SAVING, path.name, **line)
            saving.save(path, data, (digest_of(kept) if kept else seen) or None, _MARK)
        except saving.Taken as error:  # somebody's since the look a moment ago
            self.journal.add(FAILED, path.name, why=str(error), **told)
            state = state_of(path, digest, self.journal, identity(told))
            return state if state in (*REFUSED, UNREAD) else CONFLICT, None
        except SaveError as error:
            self.journal.add(FAILED, path.name, why=str(error), **told)
            raise
        self.journal.add(DONE, path.name, **line)
        return state, kept


def refusal(path: Path, state: str) -> SaveError:
    """Why a file in that state is left as it is, and what to do."""
    what, advice = _REFUSALS[state]
    return SaveError(what, Place(file=str(path)), advice)


def _sweep(folder: Path) -> None:
    """Temporary files of runs that were killed: those of the folder's writers surely are, others when they are old."""
    for path in folder.glob(saving.TEMPORARY) if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            ours = path.name.startswith(saving.TEMPORARY.replace("*.tmp", _MARK))
            if ours or time.time() - path.lstat().st_mtime > STALE:
                path.unlink()
