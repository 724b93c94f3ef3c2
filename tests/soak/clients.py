"""Agents at work: they take leases on few names, hold them, renew, change and release them, and some are lost while they hold."""

from __future__ import annotations

import random
import threading
import uuid
from typing import Any, Dict, List, Optional

from asking import Asker
from record import Record, now
from servers import LeftAlone, Server
from sightings import Board

GRANTED = 201
_NAMES = [("FILE", "src/a.c"), ("FILE", "src/b.c"), ("FILE", "src/**"), ("SYMBOL", "src/a.c#f"), ("SYMBOL", "src/a.c#g"),
          ("CUSTOM", "deploy"), ("DATABASE_TABLE", "users"), ("FILE", "doc/c.md")]
_WRITES, _READS = ("MUTATES", "MUTATES", "PROVIDES", "DELETES", "RENAMES"), ("CONSUMES", "DEPENDS_ON")
_FOR_GOOD_MS = 600_000


class Client(threading.Thread):
    """An agent."""

    def __init__(self, number: int, seed: str, servers: List[Server], record: Record, board: Board, left_alone: LeftAlone) -> None:
        super().__init__(name=f"c{number}", daemon=True)
        self._random = random.Random(f"{seed}/{self.name}")
        self._asker = Asker(self.name, servers, number % len(servers), record, left_alone)
        self._board, self._ending, self._sessions = board, threading.Event(), 0
        self._who: Dict[str, str] = {}
        self._new_session()

    def stop(self) -> None:
        """It ends what it does, takes one lease that stays, and ends."""
        self._ending.set()

    def give_up(self) -> None:
        """Its servers do not answer any more, and never will."""
        self._asker.give_up()

    def run(self) -> None:
        """Works until it is stopped."""
        while not self._ending.is_set():
            self._work()
        self._acquire([["CUSTOM", f"end/{self.name}", "MUTATES"]], _FOR_GOOD_MS, 0)

    def _work(self) -> None:
        chance = self._random
        many = chance.random() < 0.2
        wanted = [[*name, chance.choice(_WRITES if chance.random() < 0.6 else _READS)]
                  for name in chance.sample(_NAMES, 2 if many else 1)]
        ttl = chance.randint(1_000, 4_000)
        held = self._acquire(wanted, ttl, chance.choice((0, 300, 1_500, 3_000)))
        if held is None:
            self._ending.wait(chance.uniform(0.01, 0.1))
            return
        if chance.random() < 0.08:
            # It is lost: nobody renews or releases what it held, and it comes back as somebody else.
            self._new_session()
            return
        self._hold(held, ttl)

    def _acquire(self, wanted: List[List[str]], ttl: int, wait_ms: int) -> Optional["Held"]:
        body: Dict[str, Any] = {**self._who, "ttl": ttl, "wait_ms": wait_ms}
        # Without an id it must not be tried again, and if it gets no answer nobody knows what became of it.
        once = self._random.random() < 0.15
        if not once:
            body["request_id"] = uuid.UUID(int=self._random.getrandbits(128)).hex
        intents = [dict(zip(("resource_type", "resource_path", "predicate"), each)) for each in wanted]
        if len(intents) == 1:
            body.update(intents[0])
        else:
            body["intents"] = intents
        status, answer, sent = self._asker.ask(
            "acquire", "POST", "/leases" if len(intents) == 1 else "/intents", body, once, **self._facts(), ttl=ttl, wait=wait_ms,
            wanted=[[f"{kind}:{path}", predicate] for kind, path, predicate in wanted])
        if status != GRANTED:
            return None
        data = answer["data"]
        leases = [lease["lease_id"] for lease in data.get("leases", [data])]
        for lease in leases:
            self._board.tell(lease, self._asker.server)
        return Held(leases, sent)

    def _hold(self, held: "Held", ttl: int) -> None:
        chance = self._random
        until = now() + (chance.uniform(0.0, 0.15) if chance.random() < 0.8 else chance.uniform(0.5, 3.0))
        changes = chance.random() < 0.15
        while now() < until and not self._ending.is_set():
            renewed_by = held.sent + ttl / 3000
            if now() >= renewed_by:
                if not self._renew(held, ttl):
                    return
                continue
            if changes:
                changes = False
                self._change(held.leases[0], ttl)
            self._ending.wait(max(0.0, min(until, renewed_by) - now()))
        for lease in held.leases:
            self._asker.ask("release", "DELETE", f"/leases/{lease}", lease=lease, **self._facts())
            self._board.tell(lease, self._asker.server)

    def _renew(self, held: "Held", ttl: int) -> bool:
        sent: List[float] = []
        for lease in held.leases:
            status, _, at = self._asker.ask("renew", "POST", f"/leases/{lease}/heartbeat", lease=lease, ttl=ttl, **self._facts())
            if status != 200:
                return False
            sent.append(at)
        held.sent = min(sent)
        return True

    def _change(self, lease: str, ttl: int) -> None:
        predicate = self._random.choice(("CONSUMES", "MUTATES"))
        self._asker.ask("change", "PATCH", f"/leases/{lease}", {"predicate": predicate}, lease=lease, ttl=ttl, predicate=predicate,
                        **self._facts())

    def _new_session(self) -> None:
        self._sessions += 1
        self._who = {"agent_id": self.name, "session_id": f"s{self._sessions}"}

    def _facts(self) -> Dict[str, str]:
        return {"agent": self._who["agent_id"], "session": self._who["session_id"]}


class Held:
    """Leases that an agent holds together.

    Attributes:
        sent: when the last successful request for the one that was renewed longest ago was sent.
    """

    def __init__(self, leases: List[str], sent: float) -> None:
        self.leases, self.sent = leases, sent
