"""The JSON lines are frozen: keys may be added, none renamed or dropped (design, section 7)."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from app.session import events
from app.session.calibration import Calibration

SCHEMA = Path(__file__).resolve().parents[2] / "assets" / "schema" / "events.schema.json"

KEYS = {
    "session": "v app chain utc_start person programme position source isolation simulated seed channels calibration",
    "attempt": "index start_s end_s fired counted",
    "rep": "index set phase scheme start_s end_s counted clean not_clean lag_ms lag_pm_ms late lag_status lsi_pct "
    "lsi_pm_pct weaker lr_log ref target_pct feedback hint sides compensators",
    "cue": "t_s side kind channel",
    "state": "t_s side state",
    "quality": "t_s site verdict text",
    "link": "t_s stream state reason lost",
    "gap": "stream start_s end_s samples",
    "target": "t_s side pct why",
    "rating": "t_s kind value",
    "note": "t_s text",
    "act": "t_s what by side value why",
    "say": "t_s what value",
    "step": "t_s step phase side",
    "latency": "arrival_to_snapshot_ms arrival_to_paint_ms decision_to_sound_ms",
    "summary": "attempts reps clean_reps woke wake_up_squeezes sleeping_side fired_pct lsi_pct lag_ms "
    "recording lost_pct",
}

LINES = [
    '{"type":"session","v":1,"app":"0.1.0","chain":"c","utc_start":null,"person":null,"programme":"free",'
    '"position":"prone","source":["sim:healthy"],"isolation":"wireless","simulated":true,"seed":1,'
    '"channels":[{"site":"left","muscle":"gluteus maximus","unit":"uV","sfreq":1000.0}],'
    '"calibration":{"id":"a","age_s":0,"method":"mvc","rest_uv":{"left":3.1},"ref_uv":{"left":100.0},'
    '"tries_uv":{"left":[96.1,100.0,104.1]}}}',
    '{"type":"attempt","index":1,"start_s":12.3,"end_s":13.9,"fired":["right"],"counted":true}',
    '{"type":"rep","index":1,"set":1,"phase":"work","scheme":"both","start_s":12.31,"end_s":13.9,"counted":true,'
    '"clean":false,"not_clean":["late:left","compensator:hamstring-left"],"lag_ms":96.0,"lag_pm_ms":6.0,"late":"left",'
    '"lag_status":"ok","lsi_pct":71.0,"lsi_pm_pct":12.0,"weaker":"left","lr_log":-0.342,"ref":"mvc",'
    '"target_pct":{"left":35,"right":35},"feedback":"full","hint":null,"sides":{"left":{"onset_s":12.41,'
    '"offset_s":13.88,"mean_pct":38.0,"peak_pct":52.0,"mean_uv":21.0,"state":"late"}},"compensators":{}}',
    '{"type":"cue","t_s":12.46,"side":"left","kind":"not-firing","channel":"tone"}',
    '{"type":"state","t_s":12.46,"side":"left","state":"no-signal"}',
    '{"type":"quality","t_s":3.0,"site":"left","verdict":"no-contact","text":"Press the left pad on."}',
    '{"type":"link","t_s":0.2,"stream":"s","state":"streaming","reason":"","lost":0}',
    '{"type":"gap","stream":"s","start_s":40.1,"end_s":43.2,"samples":3100}',
    '{"type":"target","t_s":3.0,"side":"left","pct":40,"why":"re-scaled"}',
    '{"type":"rating","t_s":0.0,"kind":"pain","value":2}',
    '{"type":"note","t_s":3.0,"text":"softer"}',
    '{"type":"act","t_s":31.005,"what":"discard","by":"person","side":null,"value":4,"why":null}',
    '{"type":"say","t_s":31.2,"what":"count","value":5}',
    '{"type":"step","t_s":12.05,"step":"squeeze-left","phase":"do","side":"left"}',
    '{"type":"latency","arrival_to_snapshot_ms":{"p50":0.4,"p95":1.1,"p99":2.0},"arrival_to_paint_ms":null,'
    '"decision_to_sound_ms":null}',
    '{"type":"summary","attempts":31,"reps":30,"clean_reps":21,"woke":true,"wake_up_squeezes":24,"sleeping_side":null,'
    '"fired_pct":{"left":40,"right":100},"lsi_pct":null,"lag_ms":null,"recording":null,"lost_pct":0.0}',
]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def kind_of(line: str) -> str:
    return str(json.loads(line)["type"])


def test_the_schema_that_ships_is_that_of_the_code():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == events.json_schema(), "run: python scripts/schema.py"


def test_every_type_of_line_has_a_sample_here():
    assert {kind_of(line) for line in LINES} == set(KEYS)


def test_no_type_of_line_is_missing_from_the_contract():
    assert {kind.__struct_config__.tag for kind in events.Event.__subclasses__()} == set(KEYS)


@pytest.mark.parametrize("kind", events.Event.__subclasses__(), ids=lambda kind: str(kind.__struct_config__.tag))
def test_no_key_is_renamed_or_dropped(kind):
    assert set(KEYS[kind.__struct_config__.tag].split()) <= set(kind.__struct_fields__)


@pytest.mark.parametrize("line", LINES, ids=kind_of)
def test_a_line_of_the_contract_is_valid_by_the_schema(line, validator):
    validator.validate(json.loads(line))


@pytest.mark.parametrize("line", LINES, ids=kind_of)
def test_what_the_code_writes_is_valid_by_the_schema(line, validator):
    validator.validate(json.loads(events.to_json(events.from_json(line))))


@pytest.mark.parametrize("line", LINES, ids=kind_of)
def test_a_line_survives_reading_and_writing(line):
    event = events.from_json(line)

    assert events.from_json(events.to_json(event)) == event


@pytest.mark.parametrize("line", LINES, ids=kind_of)
def test_a_key_that_a_later_version_adds_does_no_harm(line, validator):
    later = json.loads(line) | {"a_later_key": 1}

    validator.validate(later)
    assert events.from_json(json.dumps(later)) == events.from_json(line)


def test_an_unknown_state_is_invalid(validator):
    wrong = {"type": "state", "t_s": 1.0, "side": "left", "state": "lazy"}

    assert not validator.is_valid(wrong)
    with pytest.raises(msgspec.ValidationError, match="lazy"):
        events.from_json(json.dumps(wrong))


def test_a_line_without_its_time_is_invalid(validator):
    assert not validator.is_valid({"type": "note", "text": "when?"})


def test_the_fields_of_a_calibration_stay():
    assert Calibration.__struct_fields__ == (
        "id", "method", "rest", "reference", "tries", "age_s", "made_utc", "kind", "person", "simulated", "device",
        "muscle", "position", "electrode", "hum", "snr_db", "squeezes", "results", "hardened", "exchanged", "scaled_to",
        "stand_in", "chain", "baseline", "recording",
    )  # fmt: skip
