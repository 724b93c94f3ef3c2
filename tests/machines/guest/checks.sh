# Runs in the virtual machine. `check NAME COMMAND…` prints what the command said between two lines that vm.py reads.
check() {
    name=$1
    shift
    echo "@@begin $name"
    "$@" 2>&1
    echo "@@end $name $?"
}

version() { klock version; }

serve_acquire_conflict() {
    klock serve --port 3100 > serve.txt 2>&1 &
    server=$!
    i=0
    until grep -q 'listening' serve.txt; do
        i=$((i + 1))
        [ $i -lt 12 ] && sleep 0.5 || { cat serve.txt; return 1; }
    done
    wget -q -O - http://127.0.0.1:3100/ | grep -o '<title>.*</title>' || return 1
    wget -q -O - http://127.0.0.1:3100/health || return 1
    export KLOCK_SERVER=http://127.0.0.1:3100
    klock acquire --agent ann --session a --priority 1 --resource CUSTOM:deploy --json || return 1
    klock acquire --agent bob --session b --priority 2 --resource CUSTOM:deploy --json
    echo "refused with $?"
    unset KLOCK_SERVER
    kill $server
    wait $server
    echo "ended with $?"
}

# Its folder is opened with flags that have other numbers on this processor.
serve_on_a_socket() {
    klock serve --socket /tmp/klock.sock > socket.txt 2>&1 &
    server=$!
    i=0
    until [ -S /tmp/klock.sock ]; do
        i=$((i + 1))
        [ $i -lt 12 ] && sleep 0.5 || { cat socket.txt; return 1; }
    done
    klock acquire --socket /tmp/klock.sock --agent ann --session a --resource CUSTOM:deploy --json || return 1
    kill $server
    wait $server
    echo "ended with $?"
}

# What root makes in another user's folder is that user's: the socket through open(2), the file of the store without.
root_in_a_users_folder() {
    mkdir -p users
    chown 1000:1000 users
    klock acquire --storage sqlite:/tmp/users/a.db --agent ann --session a --resource CUSTOM:deploy --json || return 1
    klock serve --socket /tmp/users/klock.sock > socket.txt 2>&1 &
    server=$!
    i=0
    until [ -S users/klock.sock ]; do
        i=$((i + 1))
        [ $i -lt 12 ] && sleep 0.5 || { cat socket.txt; return 1; }
    done
    stat -c '%u:%g %n' users/a.db users/klock.sock
    kill $server
    wait $server
}

# Each command is a process of its own; they meet in the file alone.
two_processes_on_sqlite() {
    export KLOCK_STORAGE=sqlite:/tmp/two.db
    klock acquire --agent ann --session a --priority 1 --file shared.c --json || return 1
    klock acquire --agent bob --session b --priority 2 --file shared.c --json
    echo "refused with $?"
    klock leases --json
    unset KLOCK_STORAGE
}

# The C code between fork and exec, and the guard that ends the group.
run_a_command() {
    KLOCK_STORAGE=sqlite:/tmp/run.db klock run --file held.c -- sh -c 'KLOCK_STORAGE=sqlite:/tmp/run.db klock leases --json; exit 7'
    echo "passed on $?"
}

check version version
check serve_acquire_conflict serve_acquire_conflict
check serve_on_a_socket serve_on_a_socket
check root_in_a_users_folder root_in_a_users_folder
check two_processes_on_sqlite two_processes_on_sqlite
check run_a_command run_a_command
check use_library /bin/use_library /tmp/library.db
