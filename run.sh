#!/usr/bin/env bash
# Builds what has changed and serves Plug1 Operations with a demo company: ./run.sh [--port N] [--data DIR] [--empty]
#
#   --port N     listen on this port (5080)
#   --data DIR   keep the database and files in this folder (./data)
#   --empty      start without the demo company
#
# PLUG1_DATABASE names a PostgreSQL database in place of the SQLite file: a connection string.
set -euo pipefail

port=5080
data=""
given_data=""
demo=(--demo)
while [ $# -gt 0 ]; do
    case "$1" in
        --port) port="${2:?--port needs a number}"; shift 2 ;;
        --data) given_data="${2:?--data needs a folder}"; shift 2 ;;
        --empty) demo=(--empty); shift ;;
        -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "run.sh: unknown option $1 (see ./run.sh --help)" >&2; exit 2 ;;
    esac
done

# A folder given on the command line is meant from where the caller stands, the default from the checkout.
if [ -n "$given_data" ]; then
    mkdir -p "$given_data"
    data="$(cd "$given_data" && pwd)"
fi
cd "$(dirname "${BASH_SOURCE[0]}")"
data="${data:-$PWD/data}"

# shellcheck source=scripts/common.sh
source scripts/common.sh
need_dotnet
if [ -f web/package.json ]; then need_node; fi
build_web
build_project src/Host
exec dotnet src/Host/bin/Release/net10.0/plug1.dll serve --data "$data" --port "$port" "${demo[@]}"
