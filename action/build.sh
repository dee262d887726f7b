#!/usr/bin/env bash
# Builds the decks of the newest notes, and pushes the lock before anything else is published: a card whose identity is lost
# loses what people learned. Whoever pushed meanwhile is built again: a lock is never merged, since it is made of the notes.
set -euo pipefail
# shellcheck source=action/notedeck.sh
source "$(dirname "${BASH_SOURCE[0]}")/notedeck.sh"
ref=refs/heads/$GITHUB_REF_NAME
locks=':(glob)**/cards.lock'
last=$RUNNER_TEMP/notedeck-last
decks=$RUNNER_TEMP/notedeck-decks

commit_lock() {
  git add -- "$locks"
  if git diff --cached --quiet -- "$locks"; then
    return 0
  fi
  git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' -c commit.gpgsign=false \
    commit --quiet -m 'Remember which question is which card' -- "$locks"
}

newest() {
  git ls-remote origin "$ref" | cut -f1
}

for _ in 1 2 3 4 5; do
  before=$(git rev-parse HEAD)
  rm -rf "$decks"
  mkdir -p "$last"
  cp -R "$last" "$decks"
  report "$@"
  if [[ -n $(git ls-files --others --ignored --exclude-standard -- "$locks") ]]; then
    echo '::error title=notedeck::cards.lock is left out by .gitignore, but must be committed: it remembers which question is which card'
    exit 1
  fi
  commit_lock
  there=$(newest)
  if [[ $there == "$(git rev-parse HEAD)" ]]; then
    exit 0
  fi
  if [[ $there == "$before" ]] && git push --quiet origin "HEAD:$ref"; then
    exit 0
  fi
  there=$(newest)
  if [[ $there == "$before" ]]; then
    echo '::error title=notedeck::cards.lock could not be pushed: the workflow needs "contents: write", and the branch must let it push'
    exit 1
  fi
  git fetch --quiet origin "$ref"
  git reset --quiet --hard FETCH_HEAD
done
echo '::error title=notedeck::somebody pushed during each of five builds; run this one again'
exit 1
