#!/bin/sh
# Installs the wheel for this interpreter out of a folder, with nothing from elsewhere, and uses it: python.sh <folder>
set -eu
wheels=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cd "$project"
"${PYTHON:-python3}" -m venv venv
bin=venv/bin
[ -d venv/Scripts ] && bin=venv/Scripts
"$bin/pip" install --quiet --no-index --only-binary :all: --find-links "$wheels" agent-platform-sdk
"$bin/python" "$here/installed.py"
