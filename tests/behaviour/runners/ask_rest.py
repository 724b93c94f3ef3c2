"""Asks a klock-server over plain HTTP what it reads on stdin; the answer is written with its status, as [status, answer]."""

import http.client
import json
import sys
from urllib.parse import quote, urlencode, urlsplit


def lease(request):
    return f"/leases/{quote(request['lease_id'], safe='')}"


def session(request):
    return f"/sessions/{quote(request['agent_id'], safe='')}/{quote(request['session_id'], safe='')}"


def query(path, request):
    return f"{path}?{urlencode(request)}" if request else path


def without_id(request):
    return {name: value for name, value in request.items() if name != "lease_id"}


# The table of SPEC section 7, once more and on purpose: the packages' own tables are what is tested here.
ROUTES = {
    "register_agent": lambda request: ("POST", "/agents", request),
    "acquire": lambda request: ("POST", "/leases", request),
    "acquire_all": lambda request: ("POST", "/intents", request),
    "declare_intents": lambda request: ("POST", "/intents", request),
    "heartbeat": lambda request: ("POST", lease(request) + "/heartbeat", without_id(request) or None),
    "release": lambda request: ("DELETE", lease(request), None),
    "revoke": lambda request: ("POST", lease(request) + "/revoke", None),
    "change_lease": lambda request: ("PATCH", lease(request), without_id(request)),
    "renew_session": lambda request: ("POST", session(request) + "/heartbeat", None),
    "end_session": lambda request: ("DELETE", session(request), None),
    "list_leases": lambda request: ("GET", query("/leases", request), None),
    "list_waiters": lambda request: ("GET", query("/waiters", request), None),
    "list_agents": lambda request: ("GET", query("/agents", request), None),
    "snapshot": lambda request: ("GET", query("/snapshot", request), None),
    "events": lambda request: ("GET", query("/events", request), None),
    "evict_expired": lambda request: ("POST", "/evict", None),
}


def asked(server, verb, request):
    method, path, body = ROUTES[verb](request)
    headers = {"Accept": "application/json"}
    if server.get("key"):
        headers["Authorization"] = f"Bearer {server['key']}"
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection(urlsplit(server["url"]).netloc)
    connection.request(method, path, None if body is None else json.dumps(body, ensure_ascii=False).encode(), headers)
    answer = connection.getresponse()
    said = [answer.status, json.loads(answer.read())]
    connection.close()
    return said


def main():
    server = {}
    for line in sys.stdin:
        verb, _, text = line.partition(" ")
        request = json.loads(text)
        if verb == "open":
            server = request
        print(json.dumps(None if verb == "open" else asked(server, verb, request)), flush=True)


main()
