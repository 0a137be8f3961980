"""Draw the exercises: ``python -m scripts.draw_exercises`` writes ``assets/drawings/exercises/*.svg``.

A figure is a handful of angles, so that a physiotherapist's correction is one number. Angles are in degrees, 0 to the
right and 90 down; the figure is set down on the floor by its lowest point. The far limbs step back, the dot is the
glute. The colours are those of the dark theme; whoever shows a drawing exchanges them.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "drawings" / "exercises"
WIDTH, HEIGHT, FLOOR, MARGIN = 400, 260, 236.0, 10.0
NEAR, FAR, WELL, GLUTE, GROUND = "#B3BDC7", "#66727E", "#1A2027", "#F1F4F6", "#101418"
TORSO, HEAD, NECK = 92.0, 17.0, 34.0
LEG, ARM = (74.0, 72.0, 22.0), (48.0, 46.0)
LEG_INK, ARM_INK = (23.0, 18.0, 11.0), (13.0, 11.0)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles of torso (from the hip up), head, and of each limb from the body outwards; `short` foreshortens a leg."""

    torso: float
    head: float
    near_leg: tuple[float, float, float]
    far_leg: tuple[float, float, float]
    near_arm: tuple[float, float]
    far_arm: tuple[float, float]
    hip_x: float = 200.0
    short: float = 1.0
    prop: str = ""


LYING = Pose(180, 194, (0, 0, 12), (0, 0, 12), (166, 184), (166, 184), hip_x=225)
STANDING = Pose(-90, -88, (90, 90, 0), (90, 90, 0), (96, 84), (96, 84))
SQUEEZE = replace(LYING, near_leg=(0, -90, 0), far_leg=(0, -90, 0), prop="pillow")

POSES = {
    "clench-test": LYING,
    "prone-ankle-squeeze": SQUEEZE,
    "check": SQUEEZE,
    "isometric-hold": Pose(180, 180, (0, 0, -80), (0, 0, -80), (8, 2), (8, 2), hip_x=220),
    "clamshell": Pose(180, 172, (-42, 52, 20), (16, 14, 20), (60, 10), (196, 176), hip_x=215, short=0.62),
    "side-leg-raise": Pose(180, 172, (-30, -30, -10), (2, 2, 10), (60, 10), (196, 176), hip_x=205),
    "quadruped-extension": Pose(176, 184, (-4, -92, 0), (92, 4, 12), (90, 90), (94, 92), hip_x=245),
    "bridge": Pose(150, 176, (-26, 96, 0), (-26, 96, 0), (14, 2), (14, 2), hip_x=215),
    "hip-thrust": Pose(176, 190, (2, 92, 0), (2, 92, 0), (20, 4), (20, 4), hip_x=215, prop="bench"),
    "squat": Pose(-58, -66, (8, 108, 0), (8, 108, 0), (6, -4), (6, -4), hip_x=175),
    "lunge": Pose(-88, -86, (6, 92, 0), (104, 172, 96), (98, 80), (98, 80), hip_x=195),
    "deadlift": Pose(-22, -26, (64, 104, 0), (64, 104, 0), (92, 90), (92, 90), hip_x=165, prop="bar"),
    "prone-hip-extension": replace(LYING, near_leg=(-16, -96, -6)),
    "band-extension": replace(STANDING, torso=-84, near_leg=(116, 118, 30), near_arm=(42, -6), far_arm=(42, -6),
                              prop="band"),
    "sit-to-stand": Pose(-62, -70, (10, 100, 0), (10, 100, 0), (40, 10), (40, 10), hip_x=170, prop="chair"),
    "desk-break": Pose(-90, -90, (48, 94, 8), (132, 86, 172), (24, -64), (156, -116)),
    "morning-3-minutes": Pose(180, 180, (-52, 74, 0), (-52, 74, 0), (8, 2), (8, 2), hip_x=205),
}  # fmt: skip


def step(start: Point, angle: float, length: float) -> Point:
    """End of a limb that leaves `start` under an angle."""
    turn = math.radians(angle)
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)


def chain(start: Point, angles: tuple[float, ...], lengths: tuple[float, ...]) -> list[Point]:
    """Joints of a limb."""
    joints = [start]
    for angle, length in zip(angles, lengths, strict=True):
        joints.append(step(joints[-1], angle, length))
    return joints


def limb(joints: list[Point], inks: tuple[float, ...], colour: str) -> list[str]:
    """Lines of a limb, the thick ones first."""
    lines = []
    for (x1, y1), (x2, y2), ink in zip(joints, joints[1:], inks, strict=False):
        lines.append(f'<path stroke="{colour}" stroke-width="{ink:g}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')
    return lines


def box(x: float, y: float, width: float, height: float, round_: float) -> str:
    """Something that the body leans on or holds."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:g}" height="{height:g}" rx="{round_:g}" fill="{WELL}" '
        f'stroke="{FAR}" stroke-width="2"/>'
    )


def props(pose: Pose, hip: Point, shoulder: Point, near: list[Point], hand: Point) -> tuple[list[str], list[str]]:
    """What stands behind the figure, and what is before it."""
    ankle = near[2]
    if pose.prop == "pillow":
        return [], [box(ankle[0] - 24, ankle[1] - 16, 48, 32, 12)]
    if pose.prop == "bench":
        return [box(shoulder[0] - 46, shoulder[1] + 17, 70, FLOOR - shoulder[1] - 17, 6)], []
    if pose.prop == "chair":
        back = [box(hip[0] - 52, hip[1] - 78, 8, FLOOR - hip[1] + 78, 3)]
        return [
            *back,
            box(hip[0] - 52, hip[1] + 17, 66, 8, 3),
            box(hip[0] + 4, hip[1] + 25, 8, FLOOR - hip[1] - 25, 3),
        ], []
    if pose.prop == "bar":
        return [], [
            f'<circle cx="{hand[0]:.1f}" cy="{hand[1] + 4:.1f}" r="24" fill="{WELL}" stroke="{FAR}" stroke-width="2"/>',
            f'<circle cx="{hand[0]:.1f}" cy="{hand[1] + 4:.1f}" r="4" fill="{NEAR}"/>',
        ]
    if pose.prop == "band":
        anchor = hip[0] + 96
        way = f"M{ankle[0]:.1f} {ankle[1]:.1f}L{anchor:.1f} {FLOOR - 20:.1f}"
        return [box(anchor, FLOOR - 120, 8, 120, 3)], [f'<path stroke="{GLUTE}" stroke-width="2.5" d="{way}"/>']
    return [], []


def draw(pose: Pose) -> str:
    """One drawing as SVG."""
    near_lengths = LEG
    far_lengths = tuple(pose.short * length for length in LEG)
    hip: Point = (pose.hip_x, 0.0)
    reach = []
    for angles, lengths in ((pose.near_leg, near_lengths), (pose.far_leg, far_lengths)):
        reach += [joint[1] + ink / 2 for joint, ink in zip(chain(hip, angles, lengths), (28.0, *LEG_INK), strict=True)]
    shoulder = step(hip, pose.torso, TORSO)
    reach += [shoulder[1] + 15, *(y + ARM_INK[1] / 2 for _, y in chain(shoulder, pose.near_arm, ARM))]
    hip = (hip[0], FLOOR - max(reach))
    shoulder = step(hip, pose.torso, TORSO)
    head = step(shoulder, pose.head, NECK)
    near, far = chain(hip, pose.near_leg, near_lengths), chain(hip, pose.far_leg, far_lengths)
    near_arm, far_arm = chain(shoulder, pose.near_arm, ARM), chain(shoulder, pose.far_arm, ARM)
    behind, before = props(pose, hip, shoulder, near, near_arm[-1])
    parts = [
        f'<path stroke="{WELL}" stroke-width="3" d="M24 {FLOOR + 2:g}H{WIDTH - 24}"/>',
        *behind,
        *limb(far_arm, ARM_INK, FAR),
        *limb(far, LEG_INK, FAR),
        *limb([hip, shoulder], (31.0,), NEAR),
        f'<circle cx="{head[0]:.1f}" cy="{head[1]:.1f}" r="{HEAD:g}" fill="{NEAR}"/>',
        *limb(near, LEG_INK, NEAR),
        *limb(near_arm, (ARM_INK[0] + 5, ARM_INK[1] + 5), GROUND),
        *limb(near_arm, ARM_INK, NEAR),
        *before,
        f'<circle cx="{hip[0]:.1f}" cy="{hip[1]:.1f}" r="11" fill="{GLUTE}" stroke="{GROUND}" stroke-width="3"/>',
    ]
    body = "\n  ".join(parts)
    top = min(head[1] - HEAD, *(y - LEG_INK[1] / 2 for _, y in (*near, *near_arm)))
    size = min(1.0, (FLOOR - MARGIN) / (FLOOR - top))
    place = f"translate({WIDTH / 2 * (1 - size):.1f} {FLOOR * (1 - size):.1f}) scale({size:.3f})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n'
        f'<g transform="{place}" fill="none" stroke-linecap="round" stroke-linejoin="round">\n  {body}\n</g>\n</svg>\n'
    )


def main() -> None:
    """Write every drawing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, pose in POSES.items():
        (FOLDER / f"{name}.svg").write_text(draw(pose), encoding="utf-8")


if __name__ == "__main__":
    main()
