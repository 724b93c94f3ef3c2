"""A server whose failures are scripted: it keeps leases as Klock does, and records each request and its time."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

LEASE_ID = "5" * 32
_GONE = {"EXPIRED": (410, "The lease has expired."), "UNKNOWN_LEASE": (404, "The lease was revoked.")}


class Request(NamedTuple):
    """What was asked: when it came (CLOCK_MONOTONIC, in s), what it was, and whether it was carried out."""

    at: float
    verb: str
    is_done: bool


class ScriptedServer:
    """One lease at the most, for one holder. Thread-safe."""

    def __init__(self, ttl_s):
        self.requests = []
        self._ttl_s = ttl_s
        self._lock = threading.Lock()
        self._lease = None
        self._ends_at = 0.0
        self._ended = None  # the code that says how
        self._shows_ended = False
        self._trouble = {}
        self._listener = None
        self._listen(0)
        self._port = self._listener.server_port

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    def do(self, what, value=None):
        """Carries out one line of a script."""
        if what in ("slow", "hang", "unavailable", "foreign", "unheard release"):
            self._trouble[what] = value
        elif what == "well":
            self._trouble.clear()
        elif what == "gone":
            self.end()
        elif what == "back":
            self._listen(self._port)
        elif what in ("revoke", "expire", "end unseen"):
            with self._lock:
                self._ended, self._shows_ended = "EXPIRED" if what == "expire" else "UNKNOWN_LEASE", what == "end unseen"
        else:
            raise ValueError(f"no server can {what!r}")

    def end(self):
        """Nobody listens any more, and all connections are closed."""
        listener, self._listener = self._listener, None
        if listener:
            listener.shutdown()
            listener.server_close()
            listener.drop_all()

    def answer(self, at, method, path, body):
        """Status and JSON for a request. Without a status there is no answer, and the connection hangs; 0 cuts it."""
        verb = _verb(method, path)
        trouble = dict(self._trouble)
        answer = None
        if "unavailable" in trouble:
            answer = 503, _error("STORAGE_UNAVAILABLE", "The store fails.")
        elif "foreign" in trouble:
            answer = 404, "<html>There is no such page.</html>"
        elif "hang" not in trouble:
            answer = self._carry_out(at, verb, body)
        with self._lock:
            is_unheard = verb == "release" and "unheard release" in self._trouble and self._trouble.pop("unheard release") is None
            self.requests.append(Request(at, verb, answer is not None and answer[0] < 300))
        time.sleep(trouble.get("slow", 0))
        return (0, "") if is_unheard else answer or (None, "")

    def _carry_out(self, at, verb, body):
        with self._lock:
            if verb == "acquire":
                now_ms = int(time.time() * 1_000)
                self._ends_at = at + self._ttl_s
                self._lease = {
                    "lease_id": LEASE_ID, "agent_id": body["agent_id"], "session_id": body["session_id"],
                    "resource": f"{body['resource_type']}:{body['resource_path']}", "predicate": body["predicate"], "acquired_at": now_ms,
                    "ttl": body["ttl"], "expires_at": now_ms + body["ttl"], "fencing_token": 1_000,
                }
                return 201, _data(self._lease)
            ended = self._ended or (None if self._lease and at < self._ends_at else "EXPIRED")
            if verb == "list_leases":
                listed = [] if ended and not self._shows_ended else [{"id": LEASE_ID, **self._lease, "state": "Active"}]
                return 200, _data(listed)
            if verb not in ("heartbeat", "release"):
                return 200, _data({"status": "ok", "active_leases": 1, "version": "0.3.0"} if verb == "health" else [])
            if ended:
                return _GONE[ended][0], _error(ended, _GONE[ended][1])
            if verb == "release":
                self._ended = "UNKNOWN_LEASE"
                return 200, _data({"released": True, "lease_id": LEASE_ID})
            self._ends_at = at + self._ttl_s
            return 200, _data({"renewed": True, "lease_id": LEASE_ID, "expires_at": int((time.time() + self._ttl_s) * 1_000)})

    def _listen(self, port):
        self._listener = _Listener(port, self)
        threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, port, server):
        self.server = server
        self.is_over = False
        self._connections = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request, client_address):
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        pass  # who asked has gone

    def drop_all(self):
        self.is_over = True
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is closed already


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        at = time.monotonic()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = self.server.server.answer(at, self.command, urlsplit(self.path).path, json.loads(body or "{}"))
        if self.server.is_over or not status:
            self.close_connection = True
            if status is None:
                self.rfile.read(1)  # until who asked has gone
            return
        text = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(answer, str) else "application/json")
        self.send_header("Content-Length", str(len(text)))
        if status == 503:
            self.send_header("Retry-After", "30")
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_DELETE = do_PATCH = do_GET

    def log_message(self, *_):
        pass


def _verb(method, path):
    if path == "/health":
        return "health"
    if method == "POST" and path == "/leases":
        return "acquire"
    if path.endswith("/heartbeat"):
        return "heartbeat"
    return {"GET": "list_leases", "DELETE": "release"}.get(method, path) if path.startswith("/leases") else path


def _data(data):
    return {"success": True, "data": data}


def _error(code, sentence):
    return {"success": False, "code": code, "error": sentence}
