"""The Pareto picture of envelopes as plain SVG: latency to the right, noise upwards, nearer to the corner is better."""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

WIDTH: Final = 760
HEIGHT: Final = 460
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 52, 56
STEP_MS: Final = 50
STEP_PCT: Final = 5
LINE_PX: Final = 14.0


@dataclass(frozen=True, slots=True)
class Point:
    """One method: latency, noise, whether it is the default bar, and whether it lies on the line of moving RMS."""

    name: str
    latency_ms: float
    noise_pct: float
    is_default: bool
    is_rms: bool


def pareto_svg(points: list[Point], change: str) -> str:
    """Draw the points.

    Parameters
    ----------
    points : list of Point
        At least one.
    change : str
        Name of the change of level that the latency is that of.

    Returns
    -------
    str
        A complete SVG document.
    """
    span_ms = STEP_MS * (1 + int(max(point.latency_ms for point in points) // STEP_MS))
    span_pct = STEP_PCT * (1 + int(max(point.noise_pct for point in points) // STEP_PCT))

    def x(ms: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ms / span_ms

    def y(pct: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * pct / span_pct

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#333">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" font-weight="bold">Envelopes: earlier is left, quieter is down</text>',
        f'<text x="{LEFT}" y="42">1 kHz, same arrays, one run of bench dsp; every method sees the past alone</text>',
    ]
    for ms in range(0, span_ms + 1, STEP_MS):
        parts.append(f'<path d="M{x(ms):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x(ms):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{ms}</text>')
    for pct in range(0, span_pct + 1, STEP_PCT):
        parts.append(f'<path d="M{LEFT} {y(pct):.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(pct) + 4:.1f}" text-anchor="end">{pct}</text>')
    axis = f"ms to 90 % of a step, {change}"
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{escape(axis)}</text>')
    parts.append(
        f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">'
        "noise at constant force, real EMG: SD / mean, %</text>"
    )
    line = sorted((point for point in points if point.is_rms), key=lambda point: point.latency_ms)
    track = " ".join(f"{x(point.latency_ms):.1f},{y(point.noise_pct):.1f}" for point in line)
    parts.append(f'<polyline points="{track}" fill="none" stroke="#888" stroke-dasharray="4 3"/>')
    for point, (label_x, label_y, anchor) in zip(
        points, _labels([(x(p.latency_ms), y(p.noise_pct), p.name) for p in points]), strict=True
    ):
        colour, radius, weight = ("#c4560a", 7, "bold") if point.is_default else ("#2a6f97", 4.5, "normal")
        parts.append(
            f'<circle cx="{x(point.latency_ms):.1f}" cy="{y(point.noise_pct):.1f}" r="{radius}" fill="{colour}"/>'
        )
        parts.append(
            f'<text x="{label_x:.1f}" y="{label_y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{colour}">{escape(point.name)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _labels(places: list[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Place of every label: beside its point, on the side with room, a line away where another stands already."""
    taken: list[tuple[float, float, float]] = []
    found = {}
    for number in sorted(range(len(places)), key=lambda n: -places[n][1]):
        px, py, name = places[number]
        length = 6.6 * len(name)
        at_end = px + 6 + length > WIDTH - RIGHT
        first = px - 6 - length if at_end else px + 6
        # Above to the right and below to the left, clear of the line of moving RMS, which falls to the right.
        at, step = (py + 18, 2.0) if at_end else (py - 7, -2.0)
        while any(
            abs(at - other) < LINE_PX and first < last and begin < first + length for begin, last, other in taken
        ):
            at += step
        taken.append((first, first + length, at))
        found[number] = (first + length if at_end else first, at, "end" if at_end else "start")
    return [found[number] for number in range(len(places))]
