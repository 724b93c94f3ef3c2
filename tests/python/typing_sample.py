"""How a typed program uses the package. Never run: test_typing.py gives it to mypy --strict."""

from typing import Dict, List, Optional

from klock import AgentInfo, IntentVerdict, KlockClient, KlockError, LeaseGranted, LeaseInfo, LeaseRefused, LeaseResult


def take(client: KlockClient) -> str:
    result: LeaseResult = client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, note="why", request_id="r")
    if result["success"]:
        granted: LeaseGranted = result
        token: int = granted["fencing_token"]
        return f"{granted['lease_id']} {token}"
    refused: LeaseRefused = result
    holders: List[str] = [conflict["agent_id"] for conflict in refused["conflicts"]]
    notes: List[str] = [conflict["note"] or "" for conflict in refused["conflicts"]]
    wait_time: int = refused["wait_time"]
    return f"{refused['reason']} {wait_time} {holders} {notes}"


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
            print(take(client), look(client))
        except KlockError as error:
            code: str = error.code
            print(code, error.message)
    client.close()
