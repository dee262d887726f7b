#!/usr/bin/env bash
# Sourced by the steps that build: the build as `tell` reads it.

# Builds into $RUNNER_TEMP with more options. What it prints is text of the notes, and the log of a run takes lines for commands.
report() {
  local arguments=(--json --out "$RUNNER_TEMP/notedeck-decks") notes=() line language=C.UTF-8 status=0
  while IFS= read -r line; do
    if [[ $line == *[![:space:]]* ]]; then
      notes+=("$line")
    fi
  done <<<"${NOTEDECK_NOTES:-}"
  if [[ ${#notes[@]} == 0 ]]; then
    notes=(notes)
  fi
  if [[ ${NOTEDECK_STRICT:-} == true ]]; then
    arguments+=(--strict)
  fi
  if [[ ${NOTEDECK_LANGUAGE:-} == ko ]]; then
    language=ko_KR.UTF-8
  fi
  env LC_ALL="$language" PYTHONUTF8=1 "$RUNNER_TEMP/notedeck/bin/notedeck" "${arguments[@]}" "$@" -- "${notes[@]}" \
    >"$RUNNER_TEMP/notedeck-report.json" 2>"$RUNNER_TEMP/notedeck-told.txt" || status=$?
  return "$status"
}
