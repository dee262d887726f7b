#!/usr/bin/env bash
# Pushes the books' pages as the only commit of a branch, unless they are there already.
set -euo pipefail
ref=refs/heads/$NOTEDECK_SITE
site=$RUNNER_TEMP/notedeck-site
old=$(git ls-remote origin "$ref" | cut -f1)
if [[ -n $old ]]; then
  git fetch --quiet origin "$old"
  if ! git cat-file -e "$old:.notedeck"; then
    echo '::error title=notedeck::the branch for the pages holds something else; name another one in "site", or none'
    exit 1
  fi
fi
"$(dirname "${BASH_SOURCE[0]}")/step.sh" site
export GIT_INDEX_FILE=$RUNNER_TEMP/notedeck-site.index
rm -f "$GIT_INDEX_FILE"
git --work-tree="$site" add --all --force -- "$site"
tree=$(git write-tree)
if [[ -n $old && $tree == "$(git rev-parse "$old^{tree}")" ]]; then
  exit 0
fi
commit=$(git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
  commit-tree "$tree" -m 'The pages of the decks')
git push --quiet --force-with-lease="$ref:$old" origin "$commit:$ref"
