#!/bin/sh
# Makes what the other make targets need; prints nothing when all is there.
#   tools/setup.sh run       the environment with what the product needs
#   tools/setup.sh dev       the same and what checks and tests need
#   tools/setup.sh system    PostgreSQL, Chromium and ClamAV's daemon, for the tests
# Works as root and as an ordinary user. A missing system package is installed, or named with the exact command.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
stamp=$venv/.langnghe-installed

say() { printf '%s\n' "$*" >&2; }

# install_packages PACKAGE...: with apt-get as root or through sudo; otherwise say the command and stop.
install_packages() {
    command="apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends $*"
    if ! command -v apt-get >/dev/null 2>&1; then
        say "Missing on this machine: $*. Install them with your system's package manager and run this again."
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        prefix=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        prefix="sudo"
    else
        say "Missing on this machine: $*. Please run:"
        say "    sudo apt-get update && sudo $command"
        exit 1
    fi
    say "Installing $* ..."
    $prefix apt-get -o DPkg::Lock::Timeout=600 update -q >&2
    $prefix env DEBIAN_FRONTEND=noninteractive $command -q >&2
}

# The newest Python from 3.11 on that really runs (a version manager's shim may not).
find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed. On Debian 12 or Ubuntu 24.04: apt-get install python3 python3-venv"
    exit 1
}

make_venv() {
    if [ -x $venv/bin/python ] && $venv/bin/python -c 'import pip' >/dev/null 2>&1; then return; fi
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        install_packages "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    fi
    say "Making the environment with $($python --version) ..."
    rm -rf $venv
    "$python" -m venv $venv
}

# install FILE: with hashes, and only when the file (or what stands in the environment) has changed.
install_requirements() {
    wanted="$1 $(sha256sum <"$1")"
    if [ -f $stamp ] && grep -qxF "$wanted" $stamp; then return; fi
    say "Installing the packages of $1 ..."
    $venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$1"
    if [ "$1" = requirements-dev.txt ]; then  # holds the other file whole
        printf '%s\n%s\n' "$wanted" "requirements.txt $(sha256sum <requirements.txt)" >$stamp
    else
        printf '%s\n' "$wanted" >$stamp
    fi
}

# Catalogues are kept as text; the compiled form is made here when it is older.
compile_catalogues() {
    for text in app/i18n/locale/*/LC_MESSAGES/*.po; do
        [ -f "$text" ] || continue
        compiled="${text%.po}.mo"
        if [ ! -f "$compiled" ] || [ "$text" -nt "$compiled" ]; then
            $venv/bin/pybabel -q compile -i "$text" -o "$compiled"
        fi
    done
}

# Compiled once here, not at every start: where the environment forbids writing bytecode, Python would do it anew each time.
compile_code() {
    $venv/bin/python -m compileall -q app migrations
}

install_for_tests() {
    missing=""
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="postgresql"
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium"
    command -v clamd >/dev/null 2>&1 || [ -x /usr/sbin/clamd ] || missing="$missing clamav-daemon"
    # shellcheck disable=SC2086 # the list is split on purpose
    [ -z "$missing" ] || install_packages $missing
}

case "${1:-}" in
run) make_venv && install_requirements requirements.txt && compile_catalogues && compile_code ;;
dev) make_venv && install_requirements requirements-dev.txt && compile_catalogues && compile_code ;;
system) install_for_tests ;;
*) say "usage: tools/setup.sh run | dev | system" && exit 2 ;;
esac
