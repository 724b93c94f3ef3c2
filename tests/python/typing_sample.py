"""How a typed program uses the package. Never run: test_typing.py gives it to mypy --strict."""

from pathlib import Path
from typing import Dict, List, Optional

from klock import AgentInfo, AsyncKlock, EventInfo, IntentVerdict, Klock, KlockClient, KlockConflictError, KlockError, KlockHttpClient
from klock import KlockTimeoutError, Mode, Snapshot, WaiterInfo
from klock import LeaseGranted, LeaseGuard, LeaseInfo, LeaseRefused, LeaseResult, LeasesResult, canonical_path, klock_protected
import klock_langchain
from klock_langchain.tool import klock_protected as of_langchain


def take(client: KlockClient) -> str:
    result: LeaseResult = client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, wait_ms=5, note="why", request_id="r")
    if result["success"]:
        granted: LeaseGranted = result
        token: int = granted["fencing_token"]
        return f"{granted['lease_id']} {token}"
    refused: LeaseRefused = result
    holders: List[str] = [conflict["agent_id"] for conflict in refused["conflicts"]]
    notes: List[str] = [conflict["note"] or "" for conflict in refused["conflicts"]]
    wait_time: int = refused["wait_time"]
    return f"{refused['reason']} {wait_time} {holders} {notes}"


def take_all(client: KlockClient) -> int:
    path, root = canonical_path(Path("src") / "a.py", cwd=".")
    intents = [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": path}]
    result: LeasesResult = client.acquire_all("a", "s", intents, 60_000, wait_ms=5, note=root or "", request_id="r")
    if not result["success"]:
        return result["wait_time"]
    changed: LeaseResult = client.change_lease(result["leases"][0]["lease_id"], "CONSUMES", wait_ms=5)
    events: List[EventInfo] = client.events(after=0, limit=10)
    return len(events) + client.renew_session("a", "s") + client.end_session("a", "s") + changed["success"]


def look(client: KlockClient) -> Dict[str, int]:
    leases: List[LeaseInfo] = client.list_leases(agent_id="a", session_id=None, resource="FILE:/a")
    agents: List[AgentInfo] = client.list_agents()
    verdict: IntentVerdict = client.declare_intent({"agent_id": "a", "session_id": "s", "intents": []})
    holder: Optional[str] = verdict["held_by"]
    count: int = client.active_lease_count() + client.evict_expired() + len(holder or "")
    ended: bool = client.release_lease("i") or client.heartbeat_lease("i") or client.revoke_lease("i")
    return {"leases": len(leases), "agents": sum(agent["priority"] for agent in agents), "count": count, "ended": ended}


def run() -> None:
    with KlockClient(storage="memory") as client:
        client.register_agent("a", 1)
        try:
            print(take(client), take_all(client), look(client))
        except KlockError as error:
            code: str = error.code
            print(code, error.message)
    client.close()


def guard(klock: Klock) -> int:
    try:
        with klock.file(Path("a.py"), "mutate", ttl_ms=60_000, max_retries=3, note="why") as held:
            lease_guard: LeaseGuard = held
            return lease_guard.fencing_token + len(held.lease["resource"]) + held.lost
    except KlockConflictError as conflict:
        return (conflict.wait_time_ms or 0) + len(conflict.conflicts) + len(conflict.reason + conflict.agent_id + conflict.resource_path)


def tools(client: KlockClient) -> None:
    @klock_protected(client, "a", "s", "FILE", lambda call: str(call["path"]))
    def write(path: str, text: str = "") -> int:
        return len(path + text)

    length: int = write("a.py", text="x")
    print(length)


class Tools:
    """Methods are protected too, and so are async functions; what they take and return stays known."""

    klock = Klock(KlockClient(), namespace="shop")

    @klock_protected(klock, None, None, "SYMBOL", lambda call: Path(f"{call['path']}#{call['name']}"), predicate="CONSUMES")
    def read(self, path: str, *, name: str) -> List[str]:
        return [path, name]

    @klock_protected(klock, klock.agent_id, klock.session_id, "CUSTOM", lambda call: str(call["name"]), namespace="shop")
    async def deploy(self, name: str) -> float:
        return len(name)

    async def both(self) -> float:
        lines: List[str] = self.read("a.py", name="f")
        return len(lines) + await self.deploy("staging")


def many(klock: Klock) -> int:
    mode: Mode = "read"
    with klock.files("a.py", Path("b.py"), mode=mode) as held, klock.rename("a", "b"), klock.resource("CUSTOM", "deploy", "provide"):
        held.check()
        waiters: List[WaiterInfo] = klock.list_waiters(agent_id="a", namespace="shop")
        shown: Snapshot = klock.snapshot("a", limit=10)
        waiters += shown["waiters"]
        leases: List[LeaseGranted] = list(held.leases)
        alive: bool = klock.heartbeat_lease(held.lease_id, ttl=5_000)
        return len(waiters) + len(leases) + alive + klock.file("c").release()


def what_went_wrong(klock: Klock) -> str:
    try:
        klock.file("a.py", max_retries=1)
    except KlockTimeoutError as late:
        return late.message
    except ValueError as wrong:
        return str(wrong)
    return ""


async def wait(klock: Klock) -> str:
    async with klock.aio.file("a.py") as held:
        await held.check()
        return held.lease_id


async def wait_for_many(storage: str) -> int:
    async with AsyncKlock(storage) as store:
        result: LeaseResult = await store.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, wait_ms=5)
        leases: List[LeaseInfo] = await store.list_leases()
        async with store.agent("b").file("/b") as held:
            return len(leases) + held.fencing_token if result["success"] else result["wait_time"]


def over_http(key: Optional[str]) -> int:
    with KlockHttpClient("http://localhost:3100", key, timeout_ms=1_000, server_command=["klock", "serve"]) as client:
        enabled: bool = client.auto_start_enabled() and not client.auto_start_disabled_by_env()
        pid: Optional[int] = client.last_started_pid() if enabled else None
        local: Klock = Klock.local("a", base_url="http://localhost:3100", auto_start=False)
        with local.file("a.py"):
            pass
        client.shutdown()
        return pid or 0


class OwnClient:
    def acquire_lease(
        self, agent_id: str, session_id: str, resource_type: str, resource_path: str, predicate: str, ttl: int
    ) -> Dict[str, object]:
        return {"success": True, "lease_id": "lease-1"}

    def release_lease(self, lease_id: str) -> None:
        """Says nothing."""


@of_langchain(OwnClient(), "a", "s", "FILE", lambda call: str(call["path"]))
def length_of(path: str) -> int:
    return len(path)


def over_own_client() -> int:
    with Klock(OwnClient(), "a", priority=1).file("a.py"):
        return length_of("a.py")


assert of_langchain is klock_langchain.klock_protected
