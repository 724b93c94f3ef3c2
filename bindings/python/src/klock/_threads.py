"""Threads, and what is to be done when none can be started."""

from __future__ import annotations

import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from typing import Any, Callable, Optional


class Lock:
    """As ``threading.Lock``, for a ``with``; except that nobody waits for it once the interpreter is being taken down.

    Daemon threads end then wherever they are, also with a lock in their hands, while finalizers and suspended generators still run
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
    """Whether the interpreter is about to end: functions of ``atexit`` run, and threads cannot be started any more."""
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
    """A few threads that do what they are handed. Thread-safe."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._pool: Optional["ThreadPoolExecutor"] = None

    def submit(self, call: Callable[[], Any]) -> "Future[Any]":
        """Has one of them make the call.

        Raises:
            NoThreadError: None can be started; the call is not made.
        """
        from concurrent.futures import ThreadPoolExecutor  # here, as it takes its time to load

        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._count, thread_name_prefix=self._name)
        task = _Task(call)
        try:
            self._pool.submit(task)
        except RuntimeError as error:
            # It may be in the pool's queue all the same, for a thread that comes to it when nobody expects it any more.
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
        """From now on it is not made; False when it was begun before."""
        return self._is_taken.acquire(blocking=False)

    def __call__(self) -> None:
        if not self._is_taken.acquire(blocking=False) or not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self._call()
        except BaseException as error:  # raised again where the result is asked for
            self.future.set_exception(error)
        else:
            self.future.set_result(result)
