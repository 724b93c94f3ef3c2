"""Runs agents and a reader as real processes that start together, and gathers what they wrote down."""
from __future__ import annotations

import multiprocessing
import signal
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Callable, Dict, List

from agent import Agent
from reader import Reader
from records import AgentRecord, ReaderRecord

START_LIMIT_S = 30.0
RACE_LIMIT_S = 120.0
TICK_S = 0.05


class RaceFailed(Exception):
    """A process ended without a result, or the race took longer than RACE_LIMIT_S."""


@dataclass(frozen=True)
class Race:
    """How a race went. `seconds` runs from the common start to the last agent's last edit."""

    agents: List[AgentRecord]
    reader: ReaderRecord
    seconds: float


def run_race(agents: List[Agent], reader: Reader, on_progress: Callable[[int], None]) -> Race:
    """Run all of them to the end. Raises RaceFailed. No process is left behind, whatever happens."""
    # Spawned, not forked: every process starts as clean as a stranger's would.
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(len(agents) + 1, timeout=START_LIMIT_S)
    stop = context.Event()
    counters = [context.Value("i", 0, lock=False) for _ in agents]
    children = [_Child(context, agent.name, agent, together, counter) for agent, counter in zip(agents, counters)]
    watcher = _Child(context, reader.name, reader, together, stop)
    try:
        _start([*children, watcher])
        records = _gather(children, lambda: on_progress(sum(counter.value for counter in counters)))
        stop.set()
        [seen] = _gather([watcher], lambda: None)
    finally:
        for child in [*children, watcher]:
            child.end()
    started = min(record.started_at for record in records)
    return Race(records, seen, max(record.finished_at for record in records) - started)


class _Child:
    """A process that runs `work.run(together, extra)` and sends back what that returns."""

    def __init__(self, context: Any, name: str, work: Any, together: Any, extra: Any) -> None:
        self.name = name
        self.inbox, self._outbox = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(self._outbox, work, together, extra), daemon=True)

    def start(self) -> None:
        self._process.start()
        self._outbox.close()  # The child has its own copy; with ours gone, its death reads as end of file.

    def end(self) -> None:
        if self._process.pid is not None:
            self._process.terminate()
            self._process.join()
        self.inbox.close()


def _start(children: List[_Child]) -> None:
    # Children inherit "ignore Ctrl-C", from their first instruction on: it is the parent who ends them.
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for child in children:
            child.start()
    finally:
        signal.signal(signal.SIGINT, handler)


def _work(outbox: Connection, work: Any, together: Any, extra: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Where ignoring is not inherited.
    try:
        outbox.send(work.run(together, extra))
    except Exception as error:  # noqa: BLE001 - it is told to the parent, who fails
        outbox.send(RaceFailed(f"{type(error).__name__}: {error}"))
        together.abort()  # Sent first, so that the parent hears the cause before the others' broken barrier.


def _gather(children: List[_Child], on_tick: Callable[[], None]) -> List[Any]:
    """One result per child, in their order."""
    results: Dict[str, Any] = {}
    give_up_at = time.monotonic() + RACE_LIMIT_S
    while len(results) < len(children):
        pending = {child.inbox: child for child in children if child.name not in results}
        for inbox in wait(list(pending), timeout=TICK_S):
            child = pending[inbox]
            results[child.name] = _receive(child)
        on_tick()
        if time.monotonic() > give_up_at:
            raise RaceFailed(f"the race did not end within {RACE_LIMIT_S:.0f} s")
    return [results[child.name] for child in children]


def _receive(child: _Child) -> Any:
    try:
        result = child.inbox.recv()
    except EOFError:
        raise RaceFailed(f"{child.name} died") from None
    if isinstance(result, RaceFailed):
        raise RaceFailed(f"{child.name} stopped: {result}")
    return result
