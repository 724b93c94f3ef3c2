"""Asks the command line what it reads on stdin; the answer is written with the exit code, as [code, answer]."""

import json
import subprocess
import sys

MODES = {"MUTATES": "mutate", "CONSUMES": "read", "PROVIDES": "provide", "DELETES": "delete", "RENAMES": "rename", "DEPENDS_ON": "depend"}
priorities = {}  # of agents that were registered, which the command line does together with their first acquire


def options(request, **names):
    return [f"--{option}={request[name]}" for name, option in names.items() if name in request]


def session(request):
    return options(request, agent_id="agent", session_id="session")


def acquire(request, intents):
    (predicate,) = {intent["predicate"] for intent in intents}
    words = ["acquire", "--raw", f"--mode={MODES[predicate]}", f"--ttl={request['ttl']}ms", *session(request)]
    words += [f"--resource={intent['resource_type']}:{intent['resource_path']}" for intent in intents]
    words += options(request, note="note", request_id="request-id", namespace="namespace")
    if request.get("wait_ms"):
        words.append(f"--wait={request['wait_ms']}ms")
    if request["agent_id"] in priorities:
        words.append(f"--priority={priorities[request['agent_id']]}")
    return words


COMMANDS = {
    "acquire": lambda request: acquire(request, [request]),
    "acquire_all": lambda request: acquire(request, request["intents"]),
    "declare_intents": lambda request: ["check"],
    "heartbeat": lambda request: ["renew", request["lease_id"], *(["--ttl", f"{request['ttl']}ms"] if "ttl" in request else [])],
    "release": lambda request: ["release", request["lease_id"]],
    "revoke": lambda request: ["revoke", request["lease_id"]],
    "renew_session": lambda request: ["renew", "--all", *session(request)],
    "end_session": lambda request: ["release", "--all", *session(request)],
    "list_leases": lambda request: ["leases", "--raw", *session(request), *options(request, resource="resource", namespace="namespace")],
    "list_agents": lambda request: ["agents"],
    "events": lambda request: ["events", *options({"after": 0, **request}, after="after", limit="limit")],
}


def asked(klock, storage, verb, request):
    words = [klock, *COMMANDS[verb](request), "--storage", storage]
    if verb != "declare_intents":
        words.append("--json")  # check answers in nothing else
    given = json.dumps(request) if verb == "declare_intents" else None
    done = subprocess.run(words, input=given, stdin=None if given else subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise OSError(f"{words} said nothing but {done.stderr}")
    return [done.returncode, json.loads(done.stdout)]


def main():
    klock, storage = sys.argv[1], ""
    for line in sys.stdin:
        verb, _, text = line.partition(" ")
        request = json.loads(text)
        answer = None
        if verb == "open":
            storage = request["storage"]
            priorities.clear()
        elif verb == "register_agent":
            priorities[request["agent_id"]] = request["priority"]
        else:
            answer = asked(klock, storage, verb, request)
        print(json.dumps(answer), flush=True)


main()
