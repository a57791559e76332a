#!/usr/bin/env bash
# Gives the cluster the role and the user of the site. Run again, it changes the user's password.
set -euo pipefail
folder=$(dirname "$0")
: "${ELASTIC_PASSWORD:?}" "${EVENTAIL_ES_PASSWORD:?}" "${ES_URL:?}" "${ES_CA:?}"

put() { # path, and the body on the standard input; passwords are in no list of processes
  curl --silent --show-error --fail --output /dev/null --max-time 30 --retry 10 --retry-delay 3 --retry-all-errors \
    --config <(printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD") --cacert "$ES_CA" \
    --request PUT --header 'Content-Type: application/json' --data-binary @- "$ES_URL/_security/$1"
}

put role/eventail <"$folder/role.json"
printf '{"password": "%s", "roles": ["eventail"]}' "$EVENTAIL_ES_PASSWORD" | put user/eventail
