"""Asks Klock's Python package what it reads on stdin, a verb and a JSON request a line; a line of JSON is the answer."""

import json
import sys

from klock import KlockClient, KlockError, KlockHttpClient

CALLS = {"acquire": "acquire_lease", "declare_intents": "declare_intent"}
CALLS.update({verb: f"{verb}_lease" for verb in ("heartbeat", "release", "revoke")})


def opened(request):
    if "url" in request:
        return KlockHttpClient(request["url"], request.get("key"), auto_start=False)
    return KlockClient(request["storage"])


def asked(client, verb, request):
    if verb == "close":
        return client.close()
    method = getattr(client, CALLS.get(verb, verb))
    return method(request) if verb == "declare_intents" else method(**request)


def main():
    client = None
    for line in sys.stdin:
        verb, _, text = line.partition(" ")
        request = json.loads(text)
        try:
            if verb == "open":
                client, answer = opened(request), None
            else:
                answer = asked(client, verb, request)
        except KlockError as error:
            answer = {"raised": {"code": error.code, "message": error.message}}
        print(json.dumps(answer), flush=True)


main()
