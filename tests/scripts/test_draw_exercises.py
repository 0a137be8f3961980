from scripts.draw_exercises import FOLDER, POSES, draw


def test_every_drawing_is_the_one_that_its_pose_makes():
    assert {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")} == {
        name: draw(pose) for name, pose in POSES.items()
    }
