"""A session with pauses, discards and a sign by two squeezes replays from its journal to the same lines."""

from pathlib import Path

from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.pipeline.sources import Sources, open_unpaced
from app.session.events import Act, Event, to_json
from app.wiring import wire
from tests.system.command import PROMISED, live

WANTED = [(20.0, Act(0.0, "discard")), (22.0, Act(0.0, "pause")), (27.3, Act(0.0, "go-on")), (40.0, Act(0.0, "stop"))]


def lived(folder: Path, person: str, *, ready: bool) -> list[str]:
    """A session as the window runs it, as fast as it goes; its promised lines."""
    plan = SessionPlan(load_programme("prone-ankle-squeeze"), skip_rests=False, ready=ready)
    said: list[Event] = []
    waiting = list(WANTED)
    with open_unpaced(Sources.create([f"sim:{person}&speed=max"])) as (sources, blocks):
        run, recorder = wire(sources, plan, folder, [lambda event, ns: said.append(event)], duration_s=60.0)
        assert recorder is not None
        sources.start()
        run.begin(notes=sources.notes)
        for block in blocks:
            while waiting and waiting[0][0] <= run.engine.t_s:
                run.do(waiting.pop(0)[1])
            recorder.push_block(block)
            run.push(block)
            if run.is_over:
                break
        run.finish()
        recorder.stop()
    lines = [to_json(event).decode() for event in said if event.__struct_config__.tag in PROMISED]
    return [line for line in lines if '"type":"summary"' not in line]  # it names the recording


def replayed(folder: Path) -> list[str]:
    (session,) = folder.iterdir()
    return live(f"file:{session}?speed=max").promised[:-1]


def test_a_session_with_a_sign_a_discard_and_a_pause_replays_to_the_same_lines(tmp_path: Path):
    lines = lived(tmp_path, "waking-left?seed=1&script=two-squeezes", ready=True)

    acts = [line for line in lines if '"type":"act"' in line]
    assert ['"by":"muscle"' in line for line in acts] == [True, False, False, False, False]
    assert '"what":"start"' in acts[0]
    assert any('"what":"gesture"' in line for line in lines)
    assert replayed(tmp_path) == lines


def test_a_session_that_waited_for_its_start_still_waits_in_a_replay(tmp_path: Path):
    lines = lived(tmp_path, "healthy?seed=2", ready=True)

    assert not any('"type":"rep"' in line for line in lines)
    assert replayed(tmp_path) == lines
