"""What a run is to do: publish what the default branch holds, and say of all else what it would change."""

from __future__ import annotations

from action.run import Failed, Run


def choose(run: Run) -> None:
    """Say what the other steps do."""
    run.put("GITHUB_OUTPUT", f"mode={mode(run)}\nreport={run.folder / 'notedeck-report.json'}\n")


def mode(run: Run) -> str:
    """`publish` or `plan`."""
    name = run.environment.get("GITHUB_EVENT_NAME")
    if name == "pull_request_target":
        raise Failed("use pull_request: pull_request_target gives the texts of strangers a token that can write")
    default = (run.event.get("repository") or {}).get("default_branch")
    is_default = run.environment.get("GITHUB_REF") == f"refs/heads/{default}"
    return "publish" if name != "pull_request" and default and is_default else "plan"
