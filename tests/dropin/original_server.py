#!/usr/bin/env python3
"""A server that speaks the wire of the original Klock and nothing newer, for tests of what our clients say there.

Written from the rows of the REST table that are not marked as new. What it does not know it ignores in a body, and answers 404 as a path.
Prints its URL, and serves until it is killed. With --bare its refusals of what is unknown have no words.
"""

from __future__ import annotations

import http.server
import json
import sys
import time
from typing import Any, Dict, Optional

_READERS = ("CONSUMES", "DEPENDS_ON")


class Store:
    """Who holds what. Like the original it judges by priorities alone, and never lets anybody wait."""

    def __init__(self) -> None:
        self.agents: Dict[str, int] = {}
        self.leases: Dict[str, Dict[str, Any]] = {}

    def in_the_way(self, asked: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        for lease in self.leases.values():
            is_other = (lease["agent_id"], lease["session_id"]) != (asked["agent_id"], asked["session_id"])
            is_shared = lease["predicate"] in _READERS and asked["predicate"] in _READERS
            if is_other and lease["resource"] == f"{asked['resource_type']}:{asked['resource_path']}" and not is_shared:
                return lease
        return None

    def acquire(self, asked: Dict[str, Any]) -> "tuple[int, Dict[str, Any]]":
        holder = self.in_the_way(asked)
        if holder is not None:
            is_older = self.agents.get(asked["agent_id"], 0) < self.agents.get(holder["agent_id"], 0)
            return 409, {"success": False, "reason": "WAIT" if is_older else "DIE", "wait_time": 1000}
        lease = {
            "id": f"{asked['agent_id']}-{len(self.leases)}",
            "agent_id": asked["agent_id"],
            "session_id": asked["session_id"],
            "resource": f"{asked['resource_type']}:{asked['resource_path']}",
            "predicate": asked["predicate"],
            "expires_at": int(time.time() * 1000) + asked["ttl"],
        }
        self.leases[lease["id"]] = lease
        shown = {name: lease[name] for name in ("agent_id", "resource", "predicate", "expires_at")}
        return 201, {"success": True, "data": {"lease_id": lease["id"], **shown}}

    def declare(self, asked: Dict[str, Any]) -> "tuple[int, Dict[str, Any]]":
        whose = {"agent_id": asked["agent_id"], "session_id": asked["session_id"]}
        holders = [holder for intent in asked["intents"] if (holder := self.in_the_way({**whose, **intent}))]
        status = "Die" if holders else "Granted"
        held_by = holders[0]["agent_id"] if holders else None
        return 200, {"success": not holders, **whose, "status": status, "reason": None, "held_by": held_by, "conflicts": [],
                     "retry_after_ms": None}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = Store()

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = self.route(json.loads(body) if body else {})
        text = json.dumps(answer).encode() if answer is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_DELETE = do_PATCH = answer

    def route(self, asked: Dict[str, Any]) -> "tuple[int, Optional[Dict[str, Any]]]":
        store, parts = self.store, [self.command, *self.path.partition("?")[0].strip("/").split("/")]
        if parts == ["GET", "health"]:
            return 200, {"success": True, "data": {"status": "ok", "active_leases": len(store.leases)}}
        if parts == ["POST", "agents"]:
            store.agents[asked["agent_id"]] = asked["priority"]
            return 201, {"success": True, "data": {"agent_id": asked["agent_id"], "priority": asked["priority"]}}
        if parts == ["POST", "leases"]:
            return store.acquire(asked)
        if parts == ["GET", "leases"]:
            return 200, {"success": True, "data": list(store.leases.values())}
        if parts == ["POST", "intents"]:
            return store.declare(asked)
        if parts == ["POST", "evict"]:
            return 200, {"success": True, "data": {"evicted": 0}}
        if parts[1] == "leases" and len(parts) == 3 and parts[0] == "DELETE":
            if store.leases.pop(parts[2], None):
                return 200, {"success": True, "data": {"released": True, "lease_id": parts[2]}}
            return 404, {"success": False, **({} if "--bare" in sys.argv else {"error": "Lease not found"})}
        if parts[1] == "leases" and parts[3:] == ["heartbeat"]:
            if parts[2] in store.leases:
                return 200, {"success": True, "data": {"renewed": True, "lease_id": parts[2], "expires_at": 0}}
            return 404, {"success": False, "error": "Lease not found"}
        return 404, None

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
