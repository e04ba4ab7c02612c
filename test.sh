#!/usr/bin/env bash
# Every test, on both engines: ./test.sh
#
# Installs with apt what only tests need (PostgreSQL, Chromium) where it is missing on Debian, and otherwise says what to
# install. The last line is "N passed, N failed", with ", N skipped" when there are any; the exit code is 0 when none failed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/common.sh
source scripts/common.sh
# Build servers left behind would keep the terminal's pipes open after this script has ended.
export MSBUILDDISABLENODEREUSE=1

passed=0
failed=0
skipped=0
results="$PWD/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

summary() {
    echo "Total time: $((SECONDS / 60)) min $((SECONDS % 60)) s"
    if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
    [ "$failed" -eq 0 ]
}

# Runs a step and says how long it took; a step that fails counts as one failure.
step() { # NAME COMMAND...
    local name="$1" started=$SECONDS
    shift
    echo "==> $name"
    if "$@"; then
        echo "    $name: done in $((SECONDS - started)) s"
    else
        echo "    $name: FAILED after $((SECONDS - started)) s"
        failed=$((failed + 1))
        return 1
    fi
}

# A step without which the following ones make no sense.
must() {
    step "$@" || { summary; exit 1; }
}

has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

install_tools() {
    local missing=() optional=() as_root=()
    if [ -z "${PLUG1_TEST_POSTGRES:-}" ]; then has_postgres || missing+=(postgresql); fi
    if [ -f web/package.json ]; then has_chromium || missing+=(chromium); fi
    command -v hledger >/dev/null || optional+=(hledger)
    command -v bean-check >/dev/null || optional+=(beancount)
    [ ${#missing[@]} -gt 0 ] || [ ${#optional[@]} -gt 0 ] || return 0

    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
        echo "Installing ${missing[*]} ${optional[*]} ..."
        "${as_root[@]}" apt-get update -qq || true
        if [ ${#optional[@]} -gt 0 ]; then
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${optional[@]}" >/dev/null || echo "Without ${optional[*]}."
        fi
        if [ ${#missing[@]} -gt 0 ]; then
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
        fi
    elif [ ${#missing[@]} -gt 0 ]; then
        echo "Please install what the tests need: ${missing[*]} (for PostgreSQL: initdb, pg_ctl and postgres of version 15 or newer)."
        return 1
    fi
}

tools() {
    need_dotnet
    if [ -f web/package.json ]; then need_node; fi
    install_tools
}

# Formatting and code style are errors of the build (IDE0055, EnforceCodeStyleInBuild), so there is no step of their own.
build_all() {
    dotnet restore Plug1.slnx --locked-mode -v quiet && dotnet build Plug1.slnx -c Release --no-restore --nologo -v quiet -warnaserror
}

web_check() { (cd web && npm run --silent check); }

web_test() {
    local report="$results/web.json"
    (cd web && npm run --silent test -- --reporter=default --reporter=json --outputFile.json="$report") || true
    [ -f "$report" ] || return 1
    local counts
    counts="$(node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(r.numPassedTests, r.numFailedTests, r.numPendingTests + r.numTodoTests, r.success)' "$report")"
    add "$counts"
}

# Adds "PASSED FAILED SKIPPED SUCCESS"; a run that failed without a failed test counts as one failure.
add() {
    local -a counts
    read -r -a counts <<<"$1"
    passed=$((passed + counts[0]))
    failed=$((failed + counts[1]))
    skipped=$((skipped + counts[2]))
    if [ "${counts[3]}" != true ] && [ "${counts[1]}" -eq 0 ]; then return 1; fi
}

counter() { # NAME FILE: a number of the Counters element of a test result file
    grep -o '<Counters [^>]*>' "$2" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'
}

test_project() { # PROJECT
    local name report success=true total
    name="$(basename "$1" .csproj)"
    report="$results/$name.trx"
    dotnet test "$1" -c Release --no-build --nologo --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --blame-hang-timeout 10min || success=false
    [ -f "$report" ] || return 1
    total="$(counter total "$report")"
    add "$(counter passed "$report") $(counter failed "$report") $((total - $(counter executed "$report"))) $success"
}

must "Tools" tools
must "Build of the solution" build_all
if [ -f web/package.json ]; then
    must "Packages of the web application" install_web
    step "Check of the web application" web_check || true
    step "Tests of the web application" web_test || true
    must "Build of the web application" build_web
fi

if [ -z "${PLUG1_TEST_POSTGRES:-}" ]; then start_postgres off; fi

shopt -s nullglob
for project in tests/*/*.Tests.csproj; do
    step "$(basename "$project" .csproj)" test_project "$project" || true
done

summary
