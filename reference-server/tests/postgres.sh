#!/bin/sh
# Starts a private PostgreSQL for one run of the tests and tells them where it is. nextest runs it before the first test
# that needs a database (.config/nextest.toml); a watchdog stops it when nextest has ended, however it ended.
set -eu

fail() {
    echo "error: $*" >&2
    exit 1
}

# A folder that holds initdb and postgres: the one on the path, pg_config's, or where Debian and Homebrew put it.
find_programs() {
    for folder in "$(dirname "$(command -v initdb || echo /nowhere/initdb)")" "$(pg_config --bindir 2>/dev/null || true)" \
        /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
            echo "$folder"
            return
        fi
    done
    fail "the server's tests need PostgreSQL 14 or later and found no initdb. Install it:" \
        "'apt-get install postgresql' on Debian and Ubuntu, 'brew install postgresql@17' on macOS."
}

# initdb refuses root: then a user without rights runs the cluster.
as_owner() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    elif command -v setpriv >/dev/null; then
        setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups -- "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$owner" -- "$@"
    else
        fail "the tests run as root, and PostgreSQL must not: install util-linux (setpriv or runuser), or run them as another user."
    fi
}

if [ "${1:-}" = --find ]; then
    find_programs
    exit
fi
[ -n "${NEXTEST_ENV:-}" ] || fail "run the tests with 'cargo nextest run', which calls this script."
runner=$PPID
programs=$(find_programs)
owner=$(id -un)
[ "$(id -u)" -ne 0 ] || owner=$(id -un postgres 2>/dev/null || echo nobody)

# Short, since the path of a Unix socket has at most 103 characters.
folder=$(mktemp -d /tmp/agent-platform-pg.XXXXXX)
[ "$(id -u)" -ne 0 ] || chown "$owner" "$folder"
cd /

as_owner "$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 ||
    fail "initdb failed: $(tail -n 3 "$folder/initdb.log" | tr '\n' ' ')"
# Only through the socket in this folder: no port to collide on. What a power cut would lose is of no interest here.
options="-c listen_addresses='' -c unix_socket_directories=$folder -c max_connections=300"
# The benchmark measures durable commits.
[ -n "${AGENT_PLATFORM_TEST_POSTGRES_DURABLE:-}" ] || options="$options -c fsync=off -c full_page_writes=off"
as_owner "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 -o "$options" start >"$folder/start.log" 2>&1 ||
    fail "PostgreSQL did not start: $(tail -n 3 "$folder/server.log" "$folder/start.log" | tr '\n' ' ')"

(
    trap '' HUP INT TERM
    while kill -0 "$runner" 2>/dev/null; do sleep 1; done
    as_owner "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop
    rm -rf "$folder"
) </dev/null >/dev/null 2>&1 &

echo "AGENT_PLATFORM_TEST_POSTGRES=$folder" >>"$NEXTEST_ENV"
