"""One task over many items, in order: here, over processes, or over anybody's concurrent.futures.Executor."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copyreg import dispatch_table
from dataclasses import fields, is_dataclass
from io import BytesIO
from operator import attrgetter, methodcaller
from pickle import HIGHEST_PROTOCOL, Pickler, loads
from typing import TYPE_CHECKING, Any

from .domain.kinds import register, registered

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

CHUNK = 32  # items sent at a time
AHEAD = 64  # chunks under way in an executor whose size we do not know


class Lost(Exception):
    """Stands in the results for an item whose worker died, or never answered; says what is known of it."""


def spread(
    task: Callable[[Any], Any], items: Sequence[Any], workers: int = 1, executor: Executor | None = None
) -> Iterator[Any]:
    """`task(item)` for every item, in their order; a Lost in the place of one whose worker died.

    `task` and items must be picklable when there is more than one worker, and the task must not raise. Only so
    much is under way at once that memory does not grow with the number of items. `executor` is used as it is, and
    left open; without one, `workers` processes of our own are.
    """
    if executor is not None:
        return _over(executor, task, items, CHUNK, AHEAD)
    workers = min(workers, len(items))
    return _processes(task, items, workers) if workers > 1 else map(task, items)


def _processes(task: Callable, items: Sequence, workers: int) -> Iterator[Any]:
    """Our own processes; when one dies, what was under way is done again one by one, so that only its item is lost."""
    size = max(1, min(CHUNK, len(items) // (workers * 2)))
    done = 0
    while done < len(items):
        pool, broken = _hired(workers), False
        try:
            for result in _over(pool, task, items[done:], size, 3 * workers):
                if broken := isinstance(result, Lost):
                    break
                done += 1
                yield result
        finally:
            _let_go(pool, workers, keep=not broken)
        for item in items[done : done + 3 * workers * size]:
            alone = _hired(1)
            (result,) = _over(alone, task, [item], 1, 1)
            _let_go(alone, 1, keep=False)
            done += 1
            yield result
            if isinstance(result, Lost):
                break


_crew: dict[int, Executor] | None = None  # of one_crew(): processes that wait for work, by how many they are


@contextmanager
def one_crew() -> Iterator[None]:
    """Processes of our own serve all that is spread inside, one after the other: Windows takes long to begin one."""
    global _crew
    _crew = {}
    try:
        yield
    finally:
        for pool in _crew.values():
            pool.shutdown(cancel_futures=True)
        _crew = None


def _hired(workers: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor

    waiting = _crew.pop(workers, None) if _crew else None
    return waiting or ProcessPoolExecutor(workers, initializer=_begin)


def _let_go(pool: Executor, workers: int, keep: bool) -> None:
    if keep and _crew is not None:
        _crew[workers] = pool
    else:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """In a worker of our own: Ctrl+C is for the parent to answer, and without a parent there is nothing to do."""
    import gc
    import multiprocessing

    gc.freeze()  # thousands of records of the parent's may have come along: not to be looked through again and again
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _over(executor: Executor, task: Callable, items: Sequence, size: int, ahead: int) -> Iterator[Any]:
    under_way: deque[tuple[Sequence, Future | Lost]] = deque()
    try:
        for start in range(0, len(items), size):
            chunk = items[start : start + size]
            under_way.append((chunk, _submitted(executor, task, chunk)))
            if len(under_way) >= ahead:
                yield from _results(*under_way.popleft())
        while under_way:
            yield from _results(*under_way.popleft())
    finally:
        for _, future in under_way:
            if not isinstance(future, Lost):
                future.cancel()


def _submitted(executor: Executor, task: Callable, chunk: Sequence) -> Future | Lost:
    try:
        return executor.submit(_do, packed((task, chunk, registered())))
    except Exception as error:  # noqa: BLE001  it is broken, or was shut down
        return Lost(_said(error))


def _results(chunk: Sequence, future: Future | Lost) -> list[Any]:
    if isinstance(future, Lost):
        return [future] * len(chunk)
    try:
        return loads(future.result())
    except Exception as error:  # noqa: BLE001  every executor has errors of its own for a worker that died
        return [Lost(_said(error))] * len(chunk)


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]


def _do(handed: bytes) -> bytes:
    """In the worker, which is told of the kinds of form somebody added."""
    task, chunk, kinds = loads(handed)
    for kind in kinds:
        register(kind)
    return packed([task(item) for item in chunk])


def packed(value: Any) -> bytes:
    """A pickle, in which dataclasses are the call that makes them: their own way takes three times as long."""
    file = BytesIO()
    pickler = Pickler(file, HIGHEST_PROTOCOL)
    pickler.dispatch_table = _WAYS
    pickler.dump(value)
    return file.getvalue()


class _Ways(dict[type, Callable[[Any], Any]]):
    """How values of a class are pickled."""

    def __missing__(self, cls: type) -> Callable[[Any], Any]:
        if issubclass(cls, type):
            raise KeyError(cls)  # a class goes by its name
        own_way = hasattr(cls, "__post_init__") or "__reduce__" in vars(cls)
        told = fields(cls) if is_dataclass(cls) and not own_way else ()
        if len(told) > 1 and all(field.init and not field.kw_only for field in told):
            values = attrgetter(*(field.name for field in told))
            self[cls] = lambda value: (cls, values(value))
        else:
            self[cls] = dispatch_table.get(cls, methodcaller("__reduce_ex__", HIGHEST_PROTOCOL))
        return self[cls]


_WAYS = _Ways()
