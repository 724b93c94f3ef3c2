"""A run: machines, agents at work on them, one fault after the other, and the end, in which all servers must agree."""

from __future__ import annotations

import random
import shutil
import threading
import time
from pathlib import Path
from typing import List, Optional

import faults
from clients import Client
from door import NoAnswer
from hoarder import Hoarder
from journal import Reader
from limits import RECOVERS_WITHIN_S
from members import Cluster
from network import Host, make_hub
from record import Record, now
from servers import LeftAlone, Server
from sightings import Board, Probe, Witness

_CLIENTS, _WITNESSES = 24, 3

# In how many of the faults a server is left alone, and for how long beyond the fault: so that reads come before writes there.
_LEFT_ALONE, _LONGER_S = 0.6, 0.3


class World:
    """Everything that runs."""

    def __init__(self, seed: int, folder: Path, program: Path, etcd: Optional[Path], record: Record) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._seed, self._record = seed, record
        make_hub()
        hosts = [Host(f"e{number}", 10 + number) for number in (1, 2, 3)]
        self.cluster = Cluster(hosts, folder, etcd)
        self.servers = [Server(Host(f"k{number + 1}", 21 + number), number, hosts, program, folder) for number in range(3)]
        board, self._left_alone = Board(), LeftAlone()
        self._clients = [*(Client(number, str(seed), self.servers, record, board, self._left_alone) for number in range(_CLIENTS)),
                         Hoarder(self.servers, record, self._left_alone)]
        self._probes = [Probe(server, record, board, self._left_alone) for server in self.servers]
        self._others = [*self._probes, *(Witness(number, str(seed), self.servers, record, board) for number in range(_WITNESSES))]
        self._reader, self._read = Reader(self.cluster), threading.Event()

    def run(self, seconds: float, least: int, names: List[str]) -> None:
        """All of it: faults for so long, and at least so many."""
        self.cluster.start()
        for server in self.servers:
            server.start()
        for server in self.servers:
            server.wait_until_ready()
        reading = threading.Thread(target=self._read_on, daemon=True)
        for thread in (reading, *self._clients, *self._others):
            thread.start()
        self._do_harm(now() + seconds, least, names)
        self._end()
        self._read.set()
        reading.join()
        self._read_to_the_end()

    def _do_harm(self, until: float, least: int, names: List[str]) -> None:
        chance = random.Random(f"{self._seed}/faults")
        on = faults.Target(self.cluster, self.servers, chance, self._left_alone)
        order = faults.deck(self._seed, names)
        time.sleep(1.0)
        number = 0
        while now() < until - 3 or number < least:
            what = order[number % len(order)]
            number += 1
            if chance.random() < _LEFT_ALONE:
                self._left_alone.name = chance.choice(self.servers).name
            time.sleep(chance.uniform(0.3, 1.0))
            # Some last longer than the keep-alive of a wait, 5 s.
            lasts_s = chance.uniform(5.5, 7.5) if chance.random() < 0.15 else chance.uniform(2.0, 3.5)
            began = now()
            heal = faults.ALL[what](on)
            time.sleep(lasts_s)
            heal()
            healed = now()
            time.sleep(_LONGER_S)
            self._left_alone.name = None
            self._wait_for_grants(healed)
            self._record.add("fault", **{"what": what, "from": began, "healed": healed, "over": now()})

    def _wait_for_grants(self, healed: float) -> None:
        while now() < healed + RECOVERS_WITHIN_S and any(probe.granted_at < healed for probe in self._probes):
            time.sleep(0.05)

    def _end(self) -> None:
        for thread in (*self._others, *self._clients):
            thread.stop()
        ends = now() + 30
        for client in self._clients:
            client.join(max(0.1, ends - now()))
            client.give_up()
        # What was taken for a while is over then; what is left was taken for longer.
        time.sleep(5)
        leases = {}
        for server in self.servers:
            try:
                leases[server.name] = server.door().ask("GET", "/leases", timeout_s=10)[1].get("data")
            except NoAnswer as silent:
                leases[server.name] = str(silent)
        self._record.add("end", at=now(), leases=leases, snapshot=self._reader.snapshot())

    def _read_on(self) -> None:
        while not self._read.wait(0.15):
            self._read_once()

    def _read_once(self) -> bool:
        try:
            entry = self._reader.poll()
        except NoAnswer:
            return False
        if entry is not None:
            self._record.add("read", **entry)
        return entry is not None

    def _read_to_the_end(self) -> None:
        ends = now() + 30
        while now() < ends:
            try:
                if not self._read_once() and self._reader.head() == self._reader.last:
                    return
            except NoAnswer:
                time.sleep(0.1)
        raise TimeoutError("the journal cannot be read to its end")
