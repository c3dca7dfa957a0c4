"""`satu bench`: each night is measured in a process of its own, and only the measurements are its result."""

from __future__ import annotations

import pytest

from pipelines.bench import measure


@pytest.mark.slow
def test_the_first_load_and_the_night_after_it_are_shown_step_by_step(
    capfd: pytest.CaptureFixture[str],
) -> None:
    shown = measure(100)
    assert capfd.readouterr().out == "", "nothing but the returned text may reach stdout"
    assert shown.index("first load (") < shown.index("next night (") < shown.index("release file ")
    for step in ("raw", "records", "match_edges", "orders", "clv", "release", "in all"):
        assert shown.count(f"\n  {step} ") == 2, step
