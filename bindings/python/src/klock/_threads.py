"""Threads, and what to do when none can be started."""

from __future__ import annotations

import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from typing import Any, Callable, Optional


class Lock:
    """As ``threading.Lock``, for a ``with``; but while the interpreter shuts down nobody waits for it.

    Daemon threads then end wherever they are, even while they hold a lock, and finalizers and suspended generators still run
    in the only thread that is left: it has nobody to exclude, and would wait for ever.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if not sys.is_finalizing():
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        if not sys.is_finalizing():
            self._lock.release()


class Condition(threading.Condition):
    """As ``threading.Condition``, with the same exception as ``Lock``: then nobody is notified either."""

    def __enter__(self) -> bool:
        return sys.is_finalizing() or super().__enter__()

    def __exit__(self, *error: Any) -> None:
        if not sys.is_finalizing():
            super().__exit__(*error)

    def notify(self, n: int = 1) -> None:
        if not sys.is_finalizing():
            super().notify(n)


class NoThreadError(RuntimeError):
    """No thread can be started: there are too many, or the interpreter is about to end. Nothing was done."""


def is_ending() -> bool:
    """Whether the interpreter is shutting down: functions of ``atexit`` run, and no thread can be started any more."""
    return not threading.main_thread().is_alive()


def start(target: Callable[[], object], name: str) -> threading.Thread:
    """Starts a thread that the process does not wait for.

    Raises:
        NoThreadError: It cannot be started.
    """
    thread = threading.Thread(target=target, name=name, daemon=True)
    try:
        thread.start()
    except (RuntimeError, MemoryError) as error:
        raise NoThreadError(str(error)) from None
    return thread


class Threads:
    """A few threads that run submitted calls. Thread-safe."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._pool: Optional["ThreadPoolExecutor"] = None

    def submit(self, call: Callable[[], Any]) -> "Future[Any]":
        """Submits a call to one of them.

        Raises:
            NoThreadError: None can be started; the call is not made.
        """
        from concurrent.futures import ThreadPoolExecutor  # here: it is slow to load

        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._count, thread_name_prefix=self._name)
        task = _Task(call)
        try:
            self._pool.submit(task)
        except RuntimeError as error:
            # It may be in the pool's queue all the same, and a thread would run it when nobody expects it any more.
            if task.drop():
                raise NoThreadError(str(error)) from None
        return task.future


class _Task:
    """A call that is made once, or dropped before."""

    def __init__(self, call: Callable[[], Any]) -> None:
        from concurrent.futures import Future

        self.future: "Future[Any]" = Future()
        self._call = call
        self._is_taken = threading.Lock()

    def drop(self) -> bool:
        """Prevents the call; False when it has begun before."""
        return self._is_taken.acquire(blocking=False)

    def __call__(self) -> None:
        if not self._is_taken.acquire(blocking=False) or not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self._call()
        except BaseException as error:  # raised again by result()
            self.future.set_exception(error)
        else:
            self.future.set_result(result)
