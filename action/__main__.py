"""`python -m action STEP`: one step, by its name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from action.mode import choose
from action.packages import fetch, upload
from action.run import Failed, Run
from action.site import write_site
from action.telling import tell

STEPS: Mapping[str, Callable[[Run], None]] = {"mode": choose, "fetch": fetch, "upload": upload, "site": write_site, "tell": tell}


def main(name: str) -> int:
    """Do a step; 1 if it failed, which an annotation says."""
    run = Run.here()
    try:
        STEPS[name](run)
    except Failed as failed:
        run.annotate("error", str(failed))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
