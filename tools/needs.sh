#!/bin/sh
# Looks for what the tests need besides Python: a browser. Gets it from apt where that is allowed.
set -eu

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return
    done
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# install WHAT PACKAGE: answers 1 where we may not, or cannot.
install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1 || return 1
    echo "Getting $1 (apt-get install $2)"
    as_root apt-get update -qq >/dev/null && as_root apt-get install -y -qq --no-install-recommends "$2" >/dev/null </dev/null
}

if ! find_browser; then
    install "a browser" chromium && find_browser || {
        echo "The tests need a browser: install Chromium or Chrome so that 'chromium' or 'google-chrome' is on PATH." >&2
        exit 1
    }
fi
