"""What a run tells: lines beside the files, the run's summary, and one comment on a pull request, which each run writes anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from action.github import GitHub, GitHubError
from action.mode import mode
from action.run import Run
from action.words import MARK, Report, plan_text, says_something

_LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning", "note": "notice"}
_MOST = 50
"""Lines beside the files."""


def tell(run: Run) -> None:
    """Tell what the build found."""
    report, is_plan = run.report(), mode(run) == "plan"
    text = plan_text(report, run.tongue, is_plan=is_plan)
    run.put("GITHUB_STEP_SUMMARY", text)
    _annotate(run, report)
    if run.pull and not run.is_from_fork:
        _comment(run, text, is_news=says_something(report))


def _annotate(run: Run, report: Report | None) -> None:
    if report is None:
        run.annotate("error", run.told())
        return
    found = sorted(report["diagnostics"], key=lambda one: list(_LEVELS).index(one["level"]))
    for one in found[:_MOST]:
        run.annotate(_LEVELS[one["level"]], f"{one['message']} [{one['code']}]", file=one["path"], line=str(one["line"]))


def _comment(run: Run, text: str, *, is_news: bool) -> None:
    """Write the comment, or anew the one that is there; a token that may not is told, since the summary says the same."""
    try:
        old = _ours(run.github, run.pull)
        if old and old["body"] != text:
            run.github.send("PATCH", f"issues/comments/{old['id']}", {"body": text})
        elif not old and is_news:
            run.github.send("POST", f"issues/{run.pull}/comments", {"body": text})
    except GitHubError as error:
        run.annotate("warning", f'no comment was written (the workflow needs "pull-requests: write"): {error}')


def _ours(github: GitHub, pull: int) -> Mapping[str, Any] | None:
    """Our comment on a pull request; one that somebody else wrote is none, whatever it says."""
    marked = [one for one in github.every(f"issues/{pull}/comments") if one["body"].startswith(MARK)]
    me = github.me() if marked else ""
    return next((one for one in marked if (one["user"]["login"] == me if me else one["user"]["type"] == "Bot")), None)
