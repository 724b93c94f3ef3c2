"""A blocking call that its caller can abandon."""

from __future__ import annotations

from typing import Callable, Generic, List, Optional, TypeVar

from ._threads import Lock, start

T = TypeVar("T")


class AbandonableCall(Generic[T]):
    """Runs a blocking call in a thread of its own, so that asyncio can cancel it while it blocks.

    One thread a call and no pool, because waits that fill a pool would keep out the very release that ends them.
    """

    def __init__(self, call: Callable[[], T], undo: Callable[[T], object], on_done: Callable[[], object]) -> None:
        """Starts the call.

        Args:
            call: The blocking call.
            undo: Releases what the call got, when nobody waits for it any more. Runs in the thread, the caller's or the call's, that is
                later.
on_done: Called when the result is there, in the call's thread.
        Raises:
            NoThreadError: No thread; the call is not made.
        """
        self._call = call
        self._undo = undo
        self._on_done = on_done
        self._lock = Lock()
        self._abandoned = False
        self._results: List[T] = []
        self._error: Optional[BaseException] = None
        start(self._run, "klock-wait")

    def abandon(self) -> None:
        """Abandons the call: what it got, or is going to get, is undone."""
        with self._lock:
            self._abandoned = True
            results = list(self._results)
        for result in results:
            self._undo(result)

    def result(self) -> T:
        """What the call returned, or raised. Only after it is done."""
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            result = self._call()
        except BaseException as error:  # raised again by result()
            self._error = error
        else:
            with self._lock:
                abandoned = self._abandoned
                self._results.append(result)
            if abandoned:
                self._undo(result)
        self._on_done()


async def call_in_thread(call: Callable[[], T], undo: Callable[[T], object]) -> T:
    """Waits for the call without blocking the event loop; if the task is cancelled, what the call got is undone.

    Raises:
        NoThreadError: No thread can be started; the call is not made.
    """
    import asyncio  # here: it takes longer to load than all else, and most programs need none

    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def notify() -> None:
        try:
            loop.call_soon_threadsafe(lambda: None if done.done() else done.set_result(None))
        except RuntimeError:
            pass  # the loop is closed, so the task was cancelled and nobody waits

    running = AbandonableCall(call, undo, notify)
    try:
        await done
        return running.result()
    except BaseException:
        running.abandon()
        raise
