#!/usr/bin/env bash
# From sign-up to a streamed answer with curl alone. The server: AGENT_PLATFORM_BASE_URL, or http://localhost:8000.
set -euo pipefail

api=${AGENT_PLATFORM_BASE_URL:-http://localhost:8000}
knowledge=$(dirname "$0")/../knowledge

# Sends JSON, prints the answer; a refusal ends the script with what the server said.
post() {
    local answer newline=$'\n'
    answer=$(curl --silent --show-error --header "Content-Type: application/json" ${key:+--header "Authorization: Bearer $key"} \
        --write-out '\n%{http_code}' --data "$2" "$api$1")
    if [ "${answer##*"$newline"}" -ge 400 ]; then
        echo "POST $1: $answer" >&2
        exit 1
    fi
    echo "${answer%"$newline"*}"
}

# The value of a field of text.
field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }

# A file as a JSON string.
quoted() { sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' "$1" | awk '{ printf "%s\\n", $0 }' | sed 's/.*/"&"/'; }

echo "Sign up. The key is shown this once."
key=$(post /signup "{\"email\": \"${1:-you@example.com}\", \"tier\": \"starter\"}" | field api_key)
echo "  ${key:0:14}…"

echo "Load the knowledge base"
for article in "$knowledge"/*.md; do
    title=$(sed -n '1s/^# //p' "$article")
    echo "  $title: $(post /documents "{\"title\": \"$title\", \"content\": $(quoted "$article")}" | field document_id)"
done

echo "Create an agent"
agent=$(post /agents '{"name": "Support Agent", "system_prompt": "You are helpful.", "tools": ["search_kb"]}' | field agent_id)
echo "  $agent"

echo "Execute it: the answer as one JSON"
post "/agents/$agent/execute" '{"message": "How do I reset my password?"}'

echo "Execute it: the answer as a stream of events"
curl --silent --show-error --fail --no-buffer --header "Authorization: Bearer $key" --header "Content-Type: application/json" \
    --data '{"message": "How do I cancel my subscription?", "stream": true}' "$api/agents/$agent/execute"

echo "What was used"
curl --silent --show-error --fail --header "Authorization: Bearer $key" "$api/usage"
echo
