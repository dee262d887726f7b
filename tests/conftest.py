"""Options and settings of all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

pytest_plugins = ["tests.browser"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="put what comes out into the cases' expected halves; read the diff as a person")


@pytest.fixture
def rewrites(request: pytest.FixtureRequest) -> bool:
    """Whether expected halves are rewritten: never by several processes at once."""
    wanted = bool(request.config.getoption("--rewrite"))
    if wanted and os.environ.get("PYTEST_XDIST_WORKER"):
        pytest.exit("--rewrite needs one process: leave -n out", returncode=2)
    return wanted
