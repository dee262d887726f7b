#!/usr/bin/env bash
# Says what a build would change, and writes nothing. A pull request is held against the lock that it would be merged into:
# somebody who built before committing has brought a lock of their own, to which all of their notes are known.
set -euo pipefail
# shellcheck source=action/notedeck.sh
source "$(dirname "${BASH_SOURCE[0]}")/notedeck.sh"
locks=':(glob)**/cards.lock'

restore() {
  git restore --quiet --staged --worktree -- "$locks" 2>/dev/null || true
}

if [[ -n ${GITHUB_BASE_REF:-} ]]; then
  if ! git rev-parse --quiet --verify "$GITHUB_SHA^1" >/dev/null; then
    git fetch --quiet --depth=2 origin "$GITHUB_SHA"
  fi
  trap restore EXIT
  git rm --quiet --ignore-unmatch -- "$locks"
  if [[ -n $(git ls-tree -r --name-only "$GITHUB_SHA^1" | sed -n '/cards\.lock"\{0,1\}$/p') ]]; then
    git restore --quiet --source="$GITHUB_SHA^1" --worktree -- "$locks"
  fi
fi
report --plan
