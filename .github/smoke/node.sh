#!/bin/sh
# Packs and installs the npm packages of a folder, with nothing from elsewhere, and uses them: node.sh <folder>
set -eu
packages=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cd "$project"
echo '{ "name": "empty", "private": true }' >package.json
for package in "$packages"/*/; do
    npm pack --silent "$package" >/dev/null
done
# The platforms that are not in the folder are optional: npm goes on without them.
npm install --silent --offline --no-audit --no-fund ./*.tgz
node "$here/installed.mjs"
