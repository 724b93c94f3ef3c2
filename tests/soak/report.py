"""What a run showed, for people."""

from __future__ import annotations

from typing import Dict, Iterator, List

from history import GRANTED, REFUSED, History
from limits import RECOVERS_WITHIN_S
from rules import grants_by_server

_SHOWN = 5


def lines(history: History, broken: Dict[str, List[str]]) -> Iterator[str]:
    """The lines of the report."""
    settings = history.settings
    acquires = [ask for ask in history.asks if ask["verb"] == "acquire"]
    events = sum(len(batch["events"]) for batch in history.batches)
    yield (f"seed {settings.get('seed')}, {settings.get('etcd')}: {len(history.grants)} leases granted, "
           f"{sum(ask['status'] == REFUSED for ask in acquires)} requests refused, "
           f"{sum(ask['status'] == GRANTED and ask['tries'] > 1 for ask in acquires)} granted at another try, "
           f"{events} events in {len(history.batches)} batches, {len(history.looks)} looks, {len(history.faults)} faults, "
           f"{'a' if (history.end or {}).get('snapshot') else 'no'} snapshot")
    yield from _gaps(history)
    for rule, sentences in broken.items():
        yield f"{rule}: {'holds' if not sentences else f'BROKEN {len(sentences)} times'}"
        yield from (f"    {sentence}" for sentence in sentences[:_SHOWN])


def _gaps(history: History) -> Iterator[str]:
    grants = grants_by_server(history)
    if not history.faults:
        return
    yield f"longest time without a grant, in s {' ' * 18} {' '.join(f'{server:>5}' for server in sorted(grants))}"
    for fault in history.faults:
        until = fault.get("over", fault["healed"] + RECOVERS_WITHIN_S)
        gaps = []
        for server in sorted(grants):
            times = [time for time in grants[server] if fault["from"] <= time <= until]
            stops = [fault["from"], *times, until]
            gaps.append(max(later - earlier for earlier, later in zip(stops, stops[1:])))
        name = f"{fault['what']} ({fault['healed'] - fault['from']:.1f} s)"
        yield f"  {name:<43} {' '.join(f'{gap:5.1f}' for gap in gaps)}"
