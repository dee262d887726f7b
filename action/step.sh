#!/usr/bin/env bash
# Runs one of the steps in Python; -P, so that no file of the notes' repository is taken for a module.
set -euo pipefail
export PYTHONPATH=$GITHUB_ACTION_PATH
exec "$RUNNER_TEMP/notedeck/bin/python" -P -m action "$@"
