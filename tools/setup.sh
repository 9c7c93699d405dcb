#!/bin/sh
# Makes the virtual environment and installs what a lock file names, hash by hash. Run by `make`.
# Usage: tools/setup.sh requirements.lock
set -eu

lock=$1
venv=${VENV:-.venv}
newest_enough='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        # A name on PATH may be a shim that leads nowhere, so each is tried, not only looked up.
        if "$name" -c "$newest_enough" >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    echo "ImperioCasino needs Python 3.11 or newer, and none was found on PATH." >&2
    echo "Install one (https://www.python.org/downloads/), or name it: make run PYTHON=/path/to/python3" >&2
    return 1
}

if ! "$venv/bin/python" -c "$newest_enough" >/dev/null 2>&1 || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Making $venv with $("$python" --version) ($python)"
    # Debian's Python comes without ensurepip unless python3-venv is installed; its pip can do the same.
    "$python" -m venv --clear "$venv" >/dev/null 2>&1 || {
        "$python" -m venv --clear --without-pip "$venv"
        "$python" -m pip --python "$venv/bin/python" install --quiet pip
    }
fi

echo "Installing $lock"
pip="$venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --root-user-action ignore"
# The lock is complete, so there is nothing to resolve: pip's resolver would look at newer releases of what is asked
# for with an extra (coverage[toml]) before it sees the pin, and refuse them for want of a hash.
$pip --no-deps --require-hashes --requirement "$lock"
# The build tools are in the lock as well, so nothing unlocked is fetched for the project itself.
$pip --no-deps --no-build-isolation --editable .
