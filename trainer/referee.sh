#!/bin/sh
# A candidate of a loop is ruled on, for scripts and agents that have sh and curl alone.
#
#   referee.sh RUN…                     hands its runs in; what the referee asks for is queued, waited for and handed in too
#   referee.sh --ask CONFIG.json RUN    before training: was this config judged already? RUN is of the same code and manifest
#
# HOLDOUT_URL, HOLDOUT_TOKEN and HOLDOUT_STUDY (the study's id) say where. HOLDOUT_WAIT=0: ends where runs are asked for.
# Prints the ruling and its reason. Ends with 0 keep, 10 discard, 11 run again, 12 refused, 1 where it couldn't ask.
set -eu
: "${HOLDOUT_URL:=http://127.0.0.1:3000}" "${HOLDOUT_TOKEN:?a token of the project}" "${HOLDOUT_STUDY:?the study of the loop}"
rulings="$HOLDOUT_URL/api/v1/studies/$HOLDOUT_STUDY/rulings"

post() { # URL BODY
  told=$(curl -sS --fail-with-body -X POST -H "authorization: Bearer $HOLDOUT_TOKEN" -H 'content-type: application/json' \
    -d "$2" "$1") || { echo "referee.sh: $told" >&2; exit 1; }
  printf '%s' "$told"
}
text() { printf '%s' "$1" | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"; } # of an answer, the last text of that name
quoted() { printf '"%s",' "$@" | sed 's/,$//'; }

if [ "${1-}" = --ask ]; then
  answer=$(post "$rulings" "{\"ask\":{\"config\":$(cat "$2"),\"likeRun\":\"$3\"}}")
else
  [ $# -gt 0 ] || { echo "referee.sh: name the candidate's runs" >&2; exit 1; }
  candidate=$1
  answer=$(post "$rulings" "{\"runs\":[$(quoted "$@")]}")
fi

while :; do
  ruling=$(text "$answer" ruling)
  echo "$ruling: $(text "$answer" reason)"
  number=$(printf '%s' "$answer" | sed -n 's/.*"number":\([0-9][0-9]*\).*/\1/p')
  [ "$ruling" = run-again ] && [ -n "$number" ] && [ "${HOLDOUT_WAIT:-1}" != 0 ] || break
  # asked again and again it queues nothing twice, and again what was killed
  while :; do
    asked=$(post "$rulings/$number/runs" '{}')
    printf '%s' "$asked" | grep -q '"status":"\(queued\|running\|killed\|lost\)"' || break
    sleep "${HOLDOUT_PAUSE:-5}"
  done
  if printf '%s' "$asked" | grep -q '"isOther":true'; then
    echo "referee.sh: a worker has other code than the candidate" >&2
    exit 1
  fi
  # shellcheck disable=SC2046 # one id a word
  set -- "$candidate" $(printf '%s' "$asked" | grep -o '"run":"[^"]*"' | cut -d'"' -f4)
  answer=$(post "$rulings" "{\"runs\":[$(quoted "$@")]}")
done

case $ruling in keep) exit 0 ;; discard) exit 10 ;; run-again) exit 11 ;; refused) exit 12 ;; *) exit 1 ;; esac
