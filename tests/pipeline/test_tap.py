"""Two units knocked together share one time from then on."""

import json

import pytest

from app import cli
from app.main import main
from app.pipeline.feed import Feed
from app.pipeline.tap import TapResult, TapStep
from drivers import registry
from drivers.errors import SourceUriError
from drivers.uri import parse_uri


def blocks_of(uri):
    driver, feed = registry.create(uri), Feed()
    streams = driver.open(feed)
    feed.n_streams = len(streams)
    driver.start()
    try:
        return streams, list(feed)
    finally:
        feed.stop()
        driver.close()


def knocked(options):
    streams, blocks = blocks_of(f"sim:two-units?speed=max&reps=10&{options}")
    step = TapStep((streams[0], 0), (streams[1], 0))
    for block in blocks:
        step.push(block)
    return step


@pytest.mark.parametrize("transport_ms", [0, 37, 120])
def test_five_knocks_tell_what_two_units_differ_by(transport_ms):
    result = knocked(f"taps=12&transport={transport_ms}").result
    assert result.n_knocks >= 5
    assert abs(result.left_later_s * 1e3 - transport_ms) <= max(2.0, result.pm_s * 1e3)


def test_without_knocks_squeezing_muscles_tell_nothing():
    assert knocked("taps=0").result is None


def test_a_unit_that_comes_back_begins_its_knocks_anew():
    step = knocked("taps=30&disconnect_at=3&disconnect_s=2&transport=20")
    assert step.result.left_later_s == pytest.approx(0.020, abs=0.004)


def test_the_delay_goes_to_the_unit_that_is_later():
    assert TapResult(0.0214, 0.002, 5).delays_ms() == (21, 0)
    assert TapResult(-0.0214, 0.002, 5).delays_ms() == (0, 21)


def test_the_command_prints_the_sources_to_use(capsys):
    cli.write_taps(TapResult(0.021, 0.002, 5), ["umyo:A?map=left:1&delay=3", "umyo:B"], as_json=True)
    assert json.loads(capsys.readouterr().out)["source"] == ["umyo:A?map=left:1&delay=21", "umyo:B"]


def test_one_unit_for_both_sides_has_nothing_to_measure(capsys):
    assert main(["tap", "--source", "sim:healthy"]) == 2
    assert "share its clock" in capsys.readouterr().err


def test_a_delay_beyond_reason_is_refused():
    with pytest.raises(SourceUriError, match="delay=900"):
        parse_uri("sim:healthy?delay=900", ["sim"])
