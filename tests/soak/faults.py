"""What is done to members and servers. Each fault begins, and gives what ends it."""

from __future__ import annotations

import contextlib
import random
import threading
from typing import Callable, Dict, Iterable, List, TypeVar

from door import NoAnswer
from members import Cluster, Member
from servers import LeftAlone, Server

Heal = Callable[[], None]
Thing = TypeVar("Thing")

_OF_WHICH_ALONE = 0.5


class Target:
    """What faults are done to."""

    def __init__(self, cluster: Cluster, servers: List[Server], chance: random.Random, left_alone: LeftAlone) -> None:
        self.cluster, self.servers, self.chance, self._left_alone = cluster, servers, chance, left_alone

    def leader(self) -> Member:
        """The member that leads; any other in the moment in which none does."""
        return self.cluster.leader() or self.member()

    def member(self) -> Member:
        """Any member."""
        return self.chance.choice(self.cluster.members)

    def server(self) -> Server:
        """Any server: the one that is left alone, if there is one, in most cases."""
        any_, is_alone = self.chance.choice(self.servers), self.chance.random() < _OF_WHICH_ALONE
        return next((server for server in self.servers if is_alone and server.name == self._left_alone.name), any_)


def _to_each(things: Iterable[Thing], harm: Callable[[Thing], None], heal: Callable[[Thing], None]) -> Heal:
    harmed = list(things)
    for thing in harmed:
        harm(thing)

    def heal_all() -> None:
        for thing in harmed:
            heal(thing)

    return heal_all


def _leader_killed(on: Target) -> Heal:
    leader = on.leader()
    leader.kill()
    return leader.start


def _leader_paused(on: Target) -> Heal:
    leader = on.leader()
    leader.pause()
    return leader.resume


def _leader_isolated(on: Target) -> Heal:
    leader = on.leader()
    leader.host.isolate()
    return leader.host.rejoin


def _leader_cut_from_its_peers(on: Target) -> Heal:
    leader = on.leader()
    peers = [member.host for member in on.cluster.members if member is not leader]
    return _to_each(peers, leader.host.cut_from, leader.host.reach_again)


def _member_killed(on: Target) -> Heal:
    leader = on.leader()
    follower = on.chance.choice([member for member in on.cluster.members if member is not leader])
    follower.kill()
    return follower.start


def _no_quorum(on: Target) -> Heal:
    return _to_each(on.chance.sample(on.cluster.members, 2), Member.pause, Member.resume)


def _all_members_killed(on: Target) -> Heal:
    return _to_each(on.cluster.members, Member.kill, Member.start)


def _server_killed(on: Target) -> Heal:
    server = on.server()
    server.kill()
    return server.start


def _server_stopped(on: Target) -> Heal:
    server = on.server()
    server.stop()
    return server.start


def _two_servers_killed(on: Target) -> Heal:
    return _to_each(on.chance.sample(on.servers, 2), Server.kill, Server.start)


def _server_paused(on: Target) -> Heal:
    server = on.server()
    server.pause()
    return server.resume


def _server_isolated(on: Target) -> Heal:
    server = on.server()
    server.host.isolate()
    return server.host.rejoin


def _server_cut_from_a_member(on: Target) -> Heal:
    # The first that it asks: from another one it would not notice.
    number = on.chance.randrange(len(on.servers))
    server, member = on.servers[number], on.cluster.members[number]
    server.host.cut_from(member.host)
    return lambda: server.host.reach_again(member.host)


def _server_cut_from_all_members(on: Target) -> Heal:
    # Its clients still reach it, and must be told nothing old.
    host = on.server().host
    return _to_each([member.host for member in on.cluster.members], host.cut_from, host.reach_again)


def _disk_full(on: Target) -> Heal:
    member = next(member for member in on.cluster.members if member.has_small_disk)
    member.fill_disk()

    def heal() -> None:
        member.empty_disk()
        # It may have ended for want of room.
        member.start()

    return heal


def _quota_full(on: Target) -> Heal:
    on.cluster.fill_quota()
    return on.cluster.heal_quota


def _compaction(on: Target) -> Heal:
    ended, compacted = threading.Event(), threading.Event()

    def compact() -> None:
        while not ended.wait(0.2):
            # The member that is asked may be behind the one that told the latest revision.
            with contextlib.suppress(NoAnswer):
                on.cluster.compact()
                compacted.set()

    compacting = threading.Thread(target=compact, daemon=True)
    compacting.start()

    def heal() -> None:
        ended.set()
        compacting.join()
        if not compacted.is_set():
            raise OSError("nothing was compacted")

    return heal


def _compaction_while_a_server_is_paused(on: Target) -> Heal:
    resume, end = _server_paused(on), _compaction(on)

    def heal() -> None:
        end()
        resume()

    return heal


# In the order of the report; quick ones and slow ones mixed, for runs that are too short for all.
ALL: Dict[str, Callable[[Target], Heal]] = {
    "leader killed": _leader_killed,
    "server killed": _server_killed,
    "quota full": _quota_full,
    "leader isolated": _leader_isolated,
    "server paused": _server_paused,
    "leader cut from its peers": _leader_cut_from_its_peers,
    "server cut from a member": _server_cut_from_a_member,
    "no quorum": _no_quorum,
    "server cut from all members": _server_cut_from_all_members,
    "compaction": _compaction,
    "leader paused": _leader_paused,
    "server isolated": _server_isolated,
    "disk full": _disk_full,
    "two servers killed": _two_servers_killed,
    "member killed": _member_killed,
    "server stopped": _server_stopped,
    "compaction while a server is paused": _compaction_while_a_server_is_paused,
    "all members killed": _all_members_killed,
}


def deck(seed: int, names: List[str]) -> List[str]:
    """The order in which faults come, again and again. Seeds 1 and 2, 3 and 4 and so on begin at opposite ends of the same order: a short
    run of each meets all of them."""
    order = list(names)
    random.Random(f"faults/{(seed + 1) // 2}").shuffle(order)
    return order if seed % 2 else order[::-1]
