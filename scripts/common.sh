# shellcheck shell=bash
# What run.sh, plug1, bench.sh and test.sh share. Expects the repository root as the working folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

fail() {
    echo "$*" >&2
    exit 1
}

need_dotnet() {
    command -v dotnet >/dev/null || fail "The .NET SDK 10 is needed and 'dotnet' was not found: https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --list-sdks | grep -q '^10\.' || fail "The .NET SDK 10 is needed; installed are: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')"
}

need_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then fail "Node.js 20 or newer with npm is needed and was not found: https://nodejs.org"; fi
    local version
    version="$(node --version)"
    [ "$(cut -d. -f1 <<<"${version#v}")" -ge 20 ] || fail "Node.js 20 or newer is needed; installed is $version."
}

# True when the stamp is missing or a source file below the given paths is newer than it.
is_stale() { # STAMP PATH...
    local stamp="$1"
    shift
    [ -e "$stamp" ] || return 0
    [ -n "$(find "$@" \( -name bin -o -name obj -o -name node_modules -o -name dist \) -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null)" ]
}

# Installs the web application's packages when the lock file is not the one that was installed.
install_web() {
    local stamp=web/node_modules/.installed-lock
    if ! cmp -s web/package-lock.json "$stamp"; then
        echo "Installing the packages of the web application ..." >&2
        (cd web && npm install --no-save --no-audit --no-fund --loglevel=error) >&2
        cp web/package-lock.json "$stamp"
    fi
}

build_web() {
    [ -f web/package.json ] || return 0
    local stamp=web/dist/index.html
    if is_stale "$stamp" web; then
        need_node
        install_web
        echo "Building the web application ..." >&2
        (cd web && npm run --silent build) >&2
        touch "$stamp"
    fi
}

# Builds one project, when a source or a build setting is newer than its last build.
build_project() { # PROJECT_FOLDER
    local stamp="$1/bin/Release/net10.0/.built" lock="$1/obj/.building"
    mkdir -p "$(dirname "$lock")"
    (
        # Two commands started at once build once.
        if command -v flock >/dev/null; then flock 9; fi
        if is_stale "$stamp" src "$1" Directory.Build.props Directory.Packages.props global.json; then
            need_dotnet
            echo "Building $1 ..." >&2
            dotnet build "$1" -c Release -v quiet --nologo -p:RestoreLockedMode=true >&2 || exit 1
            touch "$stamp"
        fi
    ) 9>"$lock"
}

# Starts a private PostgreSQL for as long as this script runs and names it to its children in PLUG1_TEST_POSTGRES.
start_postgres() { # FSYNC
    PLUG1_TEST_POSTGRES="$(tests/Testing/postgres-cluster.sh --owner $$ --fsync "$1")" || fail "PostgreSQL did not start."
    export PLUG1_TEST_POSTGRES
}
