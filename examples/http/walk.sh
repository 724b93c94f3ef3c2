#!/bin/sh
# Walks every route of a klock server with curl alone and shows each answer; ends with 1 at the first that is not as it should be.
# Usage: walk.sh [URL]    (default http://127.0.0.1:3100; KLOCK_API_KEY is sent as the key if it is set)
set -eu

url=${1:-http://127.0.0.1:3100}
run=walk-$$

# ask STATUS METHOD PATH [JSON]: asks, shows, and checks the status. The answer is left in $answer.
ask() {
    wanted=$1 method=$2 path=$3
    set -- --silent --show-error --max-time 30 --request "$method" --write-out '\n%{http_code}'
    if [ -n "${KLOCK_API_KEY:-}" ]; then
        set -- "$@" --header @- # The key comes on stdin: arguments are for all to see.
    fi
    if [ -n "${body:-}" ]; then
        set -- "$@" --header 'Content-Type: application/json' --data "$body"
    fi
    answer=$(printf 'Authorization: Bearer %s\n' "${KLOCK_API_KEY:-}" | curl "$@" "$url$path")
    status=${answer##*
}
    answer=${answer%
*}
    printf '%s %s%s\n    %s %s\n' "$method" "$path" "${body:+ $body}" "$status" "$answer"
    body=
    if [ "$status" != "$wanted" ]; then
        printf 'That should have been %s.\n' "$wanted" >&2
        exit 1
    fi
}

# field NAME: the text of a field of the answer.
field() {
    printf '%s' "$answer" | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"
}

lease() {
    printf '{"agent_id":"%s","session_id":"run-1","resource_type":"FILE","resource_path":"%s/%s","predicate":"%s","ttl":60000%s}' \
        "$1" "$run" "$2" "$3" "${4:-}"
}

ask 200 GET /health
ask 200 GET /readyz
ask 200 GET /livez

body="{\"agent_id\":\"$run-elder\",\"priority\":1}" && ask 201 POST /agents
body="{\"agent_id\":\"$run-younger\",\"priority\":2}" && ask 201 POST /agents
ask 200 GET /agents
ask 200 GET /waiters

body=$(lease "$run-younger" auth.ts MUTATES ',"note":"renaming login"') && ask 201 POST /leases
held=$(field lease_id)
ask 200 GET "/leases/$held"
ask 200 GET "/snapshot?agent_id=$run-younger&limit=10"
ask 200 GET /session
ask 200 GET "/leases?agent_id=$run-younger"
ask 200 POST "/leases/$held/heartbeat"

# In the way of others: the elder may wait, and would get it when it is released; anyone younger has to give way.
body=$(lease "$run-elder" auth.ts MUTATES) && ask 409 POST /leases
body=$(lease "$run-elder" auth.ts MUTATES ',"wait_ms":100') && ask 409 POST /leases
body=$(lease "$run-youngest" auth.ts CONSUMES) && ask 409 POST /leases

body='{"predicate":"CONSUMES"}' && ask 201 PATCH "/leases/$held"
ask 200 DELETE "/leases/$held"
ask 404 DELETE "/leases/$held"

intents="\"intents\":[{\"predicate\":\"RENAMES\",\"resource_type\":\"FILE\",\"resource_path\":\"$run/old.ts\"},\
{\"predicate\":\"PROVIDES\",\"resource_type\":\"FILE\",\"resource_path\":\"$run/new.ts\"}]"
body="{\"agent_id\":\"$run-elder\",\"session_id\":\"run-1\",$intents}" && ask 200 POST /intents
body="{\"agent_id\":\"$run-elder\",\"session_id\":\"run-1\",\"ttl\":60000,$intents}" && ask 201 POST /intents
ask 200 POST "/sessions/$run-elder/run-1/heartbeat"
ask 200 DELETE "/sessions/$run-elder/run-1"

body=$(lease "$run-elder" revoked.ts MUTATES) && ask 201 POST /leases
ask 200 POST "/leases/$(field lease_id)/revoke"
body=$(lease "$run-elder" short.ts MUTATES | sed 's/60000/1/') && ask 201 POST /leases
short=$(field lease_id)
sleep 0.1
ask 410 POST "/leases/$short/heartbeat"
ask 200 POST /evict

body='{"agent_id":7}' && ask 400 POST /leases
ask 404 GET /nothing
ask 405 PUT /leases
ask 200 GET /openapi/v1.json > /dev/null
ask 200 GET /metrics > /dev/null

# Events are a stream; this follows it for a moment, from the first event that is kept.
printf 'GET /events?after=0\n'
printf 'Authorization: Bearer %s\n' "${KLOCK_API_KEY:-}" \
    | curl --silent --no-buffer --max-time 1 --header @- "$url/events?after=0" | sed 's/^/    /' || true
printf 'All routes answered as they should.\n'
