"""A blocking call that its caller can walk away from."""

from __future__ import annotations

from typing import Callable, Generic, List, Optional, TypeVar

from ._threads import Lock, start

T = TypeVar("T")


class AbandonableCall(Generic[T]):
    """Runs a blocking call in a thread of its own, so that asyncio's cancellation gets through while it blocks.

    One thread a call and no pool, because waits in a pool would keep out the very release that ends them.
    """

    def __init__(self, call: Callable[[], T], undo: Callable[[T], object], on_done: Callable[[], object]) -> None:
        """Starts the call.

        Args:
            call: What blocks.
            undo: Gives back what the call got, when nobody waits for it any more. Runs in whichever thread is the later.
            on_done: Told when the result is there. Runs in the call's thread.

        Raises:
            NoThreadError: The call is not made.
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
        """Nobody wants the result any more: what the call got, or is going to get, is undone."""
        with self._lock:
            self._abandoned = True
            results = list(self._results)
        for result in results:
            self._undo(result)

    def result(self) -> T:
        """What the call returned, or raised. Only once it is done."""
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            result = self._call()
        except BaseException as error:  # raised again where the result is asked for
            self._error = error
        else:
            with self._lock:
                abandoned = self._abandoned
                self._results.append(result)
            if abandoned:
                self._undo(result)
        self._on_done()


async def call_in_thread(call: Callable[[], T], undo: Callable[[T], object]) -> T:
    """Waits for the call without holding up the event loop; if the task is cancelled, what the call got is undone.

    Raises:
        NoThreadError: There can be no thread for it, and it is not made.
    """
    import asyncio  # here: it takes longer to load than all else, and most programs do without it

    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def tell() -> None:
        try:
            loop.call_soon_threadsafe(lambda: None if done.done() else done.set_result(None))
        except RuntimeError:
            pass  # the loop is closed, so the task was cancelled and nobody is there to be told

    running = AbandonableCall(call, undo, tell)
    try:
        await done
        return running.result()
    except BaseException:
        running.abandon()
        raise
