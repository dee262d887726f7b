#!/usr/bin/env bash
# Installs the notedeck that lies beside this script into an environment of its own, with the versions that its tests run with.
set -euo pipefail
place=$RUNNER_TEMP/notedeck
if [[ -x $place/bin/notedeck ]]; then
  exit 0
fi
"${PYTHON:-python3}" -m venv "$place"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check \
  --constraint "$GITHUB_ACTION_PATH/requirements.txt" "$GITHUB_ACTION_PATH"
