#!/usr/bin/env bash
# Runs a benchmark: ./bench.sh NAME [--engine sqlite|postgres] [--json]
#
# With --json the last line of the output is one object. PostgreSQL is a private server with fsync and synchronous commits,
# in a temporary folder, unless PLUG1_TEST_POSTGRES names another. "--keep FOLDER" of reads and reports keeps the filled database for the next
# run; that of PostgreSQL stands on the server, so name one in PLUG1_TEST_POSTGRES that goes on running.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/common.sh
source scripts/common.sh
if [ $# -eq 0 ] || [ "$1" = --help ]; then
    sed -n '2,6s/^# \{0,1\}//p' bench.sh
    if [ -d bench ]; then find bench -maxdepth 1 -name '*.md' -exec echo "What there is to run: {}" \; ; fi
    exit 2
fi

need_dotnet
build_project bench
wants_postgres=false
previous=""
for argument in "$@"; do
    if [ "$previous" = --engine ] && [ "$argument" = postgres ]; then wants_postgres=true; fi
    if [ "$argument" = --engine=postgres ]; then wants_postgres=true; fi
    previous="$argument"
done

if $wants_postgres && [ -z "${PLUG1_TEST_POSTGRES:-}" ]; then
    start_postgres on
fi

exec dotnet bench/bin/Release/net10.0/Plug1.Bench.dll "$@"
