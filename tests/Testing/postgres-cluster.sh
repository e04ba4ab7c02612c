#!/usr/bin/env bash
# A private PostgreSQL cluster for tests and benchmarks: postgres-cluster.sh --owner PID [--fsync on|off]
#
# Prints one line, the connection string, when the server answers, and ends. The cluster lives in a temporary folder on a
# free loopback port for as long as the process PID lives: a watcher, which is nobody's child so that it survives the kill
# of a whole process tree, then stops the server and deletes the folder.
set -euo pipefail

fsync=on
owner_pid=""
while [ $# -gt 0 ]; do
    case "$1" in
        --fsync) fsync="$2"; shift 2 ;;
        --owner) owner_pid="$2"; shift 2 ;;
        *) echo "postgres-cluster.sh: unknown option $1" >&2; exit 2 ;;
    esac
done

[ -n "$owner_pid" ] || { echo "postgres-cluster.sh: --owner PID is missing" >&2; exit 2; }

# A server must not inherit the locks and pipes of whoever starts the tests: it would hold them for as long as it lives.
for descriptor in /proc/self/fd/*; do
    descriptor="${descriptor##*/}"
    if [ "$descriptor" -gt 2 ] && [ "$descriptor" -ne 255 ]; then eval "exec $descriptor>&-"; fi
done

# The folder of initdb, pg_ctl and postgres: they must be siblings, so links are followed.
find_binaries() {
    local candidate
    for candidate in "$(command -v initdb || true)" /usr/local/bin/initdb /usr/lib/postgresql/*/bin/initdb; do
        if [ -z "$candidate" ] || [ ! -x "$candidate" ]; then continue; fi
        candidate="$(dirname "$(readlink -f "$candidate")")"
        if [ -x "$candidate/pg_ctl" ] && [ -x "$candidate/postgres" ]; then
            echo "$candidate"
            return 0
        fi
    done
    echo "PostgreSQL (initdb, pg_ctl, postgres) is not installed: apt-get install postgresql, or name a server in PLUG1_TEST_POSTGRES." >&2
    return 1
}

# PostgreSQL refuses to run as root, so root hands it to another user.
owner=""
if [ "$(id -u)" -eq 0 ]; then
    for owner in postgres nobody; do
        if id "$owner" >/dev/null 2>&1; then break; fi
    done
fi

as_owner() {
    if [ -z "$owner" ]; then "$@"; else runuser -u "$owner" -- "$@"; fi
}

stop_and_delete() {
    if [ -f "$1/data/postmaster.pid" ]; then
        (cd / && as_owner "$binaries/pg_ctl" stop -D "$1/data" -m immediate -w -t 20) >/dev/null 2>&1 || true
    fi
    rm -rf "$1"
}

binaries="$(find_binaries)"
folder="$(mktemp -d -t plug1-postgres-XXXXXX)"
echo "$owner_pid" >"$folder/owner.pid"
trap 'stop_and_delete "$folder"' EXIT

# What an earlier run left behind because its watcher was killed as well.
for stale in "$(dirname "$folder")"/plug1-postgres-*; do
    if [ -f "$stale/owner.pid" ] && ! kill -0 "$(cat "$stale/owner.pid")" 2>/dev/null; then stop_and_delete "$stale"; fi
done

if [ -n "$owner" ]; then chown "$owner" "$folder"; fi
cd /
as_owner "$binaries/initdb" -D "$folder/data" -U plug1 --auth=trust --encoding=UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 \
    || { cat "$folder/initdb.log" >&2; exit 1; }
cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
synchronous_commit = on
fsync = $fsync
full_page_writes = $fsync
timezone = 'UTC'
SETTINGS

# A port that nobody answers on may still be taken a moment later, so a failed start tries another.
for _ in 1 2 3 4 5 6 7 8; do
    port=$((20000 + (RANDOM % 20000)))
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
    if as_owner "$binaries/pg_ctl" start -D "$folder/data" -l "$folder/data/server.log" -w -t 60 -o "-p $port" </dev/null >/dev/null 2>&1; then
        trap - EXIT
        (
            trap '' INT HUP TERM
            while kill -0 "$owner_pid" 2>/dev/null; do sleep 0.5; done
            stop_and_delete "$folder"
        ) </dev/null >/dev/null 2>&1 &
        echo "Host=127.0.0.1;Port=$port;Username=plug1;Database=postgres"
        exit 0
    fi
done
tail -n 20 "$folder/data/server.log" >&2
exit 1
