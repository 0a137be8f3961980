"""What counts as a line of numbers, and what never becomes a sample."""

import os
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.text.protocol import LINES_TO_LOCK, LINES_TO_RELOCK, LONGEST_LINE, LineParser, Rows, parse_line

BEGIN = b"\n"  # the first line is dropped as cut
N_EXAMPLES = 100_000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 200

pytestmark = pytest.mark.timeout(1800 if N_EXAMPLES > 1000 else 60)


def rows(parser: LineParser, *pieces: bytes) -> list[list[float]]:
    return [row for piece in pieces for found in parser.feed(piece, 0) for row in found.samples.tolist()]


def locked(line: bytes = b"1,2\n", **options: bool) -> LineParser:
    parser = LineParser(**options)
    parser.feed(BEGIN + line * LINES_TO_LOCK, 0)
    assert parser.layout is not None
    return parser


@pytest.mark.parametrize(
    "line",
    [
        b"1,-2.5",
        b"1;-2.5",
        b"1\t-2.5",
        b"1 -2.5",
        b"  1 ,  -2.5  ",
        b"1,-2.5,",
        b"+1.0e0,-25e-1",
        b"1.,-2.50",
        b"1%,-2.5 %",
        b"1 mV;-2.5uV",
        "1 µV\t-2.5 µV".encode(),
        b"1V -2.5V",
    ],
)
def test_numbers_are_read_whatever_parts_them(line: bytes):
    assert parse_line(line) == (("", ""), (1.0, -2.5))


@pytest.mark.parametrize("line", [b"left:1,right:-2.5", b"left: 1 right: -2.5", b"left:1\tright:-2.5mV"])
def test_labels_of_the_serial_plotter_are_read(line: bytes):
    assert parse_line(line) == (("left", "right"), (1.0, -2.5))


@pytest.mark.parametrize(
    "line",
    [
        b"nan,1", b"inf,1", b"-inf", b"1e999", b"1e39", b"hello", b"1,,2", b",1", b"1,x", b"1.2.3", b"0x10", b"1_0",
        b"--1", b"12abc", b":1", b"1:2", b"\xff\xfe", b"\x001", "\u0661".encode(), b"ets Jun  8 2016 00:22:57",
        b"# 1,2",
        b"1,2 C",
    ],
)  # fmt: skip
def test_anything_else_is_no_line_of_numbers(line: bytes):
    assert parse_line(line) is None


def test_the_lines_that_settle_the_layout_are_samples_too():
    assert rows(LineParser(), BEGIN, b"1,2\n3,4\n5,6\n7,8\n", b"9,10\n11,12\n") == [
        [1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12],
    ]  # fmt: skip


def test_four_equal_lines_settle_nothing():
    parser = LineParser()
    assert rows(parser, BEGIN, b"1,2\n" * 4 + b"1\n" + b"1,2\n" * 4) == []
    assert parser.layout is None


def test_the_first_line_may_lack_its_front_and_is_dropped():
    assert rows(LineParser(), b"3,456\n" + b"1,2\n" * 5) == [[1, 2]] * 5


def test_a_boot_banner_is_ignored_and_not_counted():
    parser = LineParser()
    assert rows(parser, BEGIN, b"rst:0x1 (POWERON_RESET)\r\nv1.2\r\n115200\r\n", b"1,2\r\n" * 5) == [[1, 2]] * 5
    assert parser.n_damaged == 0


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_kind_of_line_end_is_understood(end: bytes):
    assert rows(LineParser(), BEGIN, end.join([b"1,2"] * 6) + end) == [[1, 2]] * 6


@pytest.mark.parametrize(
    "line", [b"1\n", b"1,2,3\n", b"1,x\n", b"nan,1\n", b"\xff\xff\n", b"9" * 5000 + b"\n", b"a:1,b:2\n"]
)
def test_a_damaged_line_is_dropped_and_counted(line: bytes):
    parser = locked()
    assert rows(parser, b"3,4\n" + line + b"5,6\n") == [[3, 4], [5, 6]]
    assert parser.n_damaged == 1
    assert parser.layout == ("", "")


def test_garbage_without_line_ends_is_not_hoarded():
    parser = locked()
    for _ in range(1000):
        parser.feed(b"\x55" * 4096, 0)
    assert len(parser._tail) <= LONGEST_LINE + 1
    assert rows(parser, b"\n3,4\n") == [[3, 4]]
    assert parser.n_damaged == 1


def test_indices_count_the_rows_and_stamps_are_handed_on():
    parser = LineParser()
    found = [*parser.feed(BEGIN + b"1\n" * 6, 70), *parser.feed(b"2\n3", 80), *parser.feed(b"\n", 90)]
    assert [(f.first_index, len(f.samples), f.arrival_ns) for f in found] == [(0, 6, 70), (6, 1, 80), (7, 1, 90)]
    assert found[0].samples.dtype == np.float32


def test_another_layout_that_stays_is_told_with_its_rows():
    parser = locked()
    assert rows(parser, b"1,2,3\n" * (LINES_TO_RELOCK - 1)) == []
    assert parser.layout == ("", "")
    (found,) = parser.feed(b"1,2,3\n4,5,6\n", 0)
    assert isinstance(found, Rows)
    assert (found.first_index, found.samples.tolist()) == (LINES_TO_LOCK, [[4, 5, 6]])
    assert found.layout == ("", "", "")


def test_damage_that_comes_and_goes_never_changes_the_layout():
    parser = locked()
    assert rows(parser, (b"1\n" * (LINES_TO_RELOCK - 1) + b"3,4\n") * 3) == [[3, 4]] * 3
    assert parser.layout == ("", "")


def test_a_restart_drops_the_begun_line_and_counts_anew():
    parser = locked()
    parser.feed(b"3,4\n5,", 0)
    parser.restart()
    (found,) = parser.feed(b"6\n7,8\n", 0)
    assert (found.first_index, found.samples.tolist()) == (0, [[7, 8]])


def test_a_time_column_is_no_channel_when_the_user_says_so():
    parser = locked(b"1000,1,2\n", time_column=True)
    assert parser.layout == ("", "")
    assert rows(parser, b"1001,3,4\n") == [[3, 4]]


def test_a_time_column_alone_is_no_sample():
    parser = LineParser(time_column=True)
    assert rows(parser, BEGIN, b"1\n" * 20) == []
    assert parser.layout is None


STREAM = st.lists(
    st.sampled_from(
        [b"1,2", b"3,4", b"-5.5,6e3", b"7", b"1,2,3", b"boot", b"nan,1", b"\xff\x00", b"", b"8" * 1500, b"a:1,b:2"]
    ),
    max_size=80,
).flatmap(lambda lines: st.sampled_from([b"\n", b"\r\n", b"\r"]).map(lambda end: end.join(lines)))  # fmt: skip


@settings(max_examples=100)
@given(st.one_of(STREAM, st.lists(st.just(b"1,2\n")).map(b"".join)), st.lists(st.integers(0, 4000), max_size=12))
def test_any_split_of_the_bytes_gives_the_same_rows(stream: bytes, cuts: list[int]):
    whole, split = LineParser(), LineParser()
    stream = BEGIN + b"1,2\n" * 5 + stream + b"\n"
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(places)]
    assert rows(split, *pieces) == rows(whole, stream)
    assert (split.n_damaged, split.layout) == (whole.n_damaged, whole.layout)


@settings(max_examples=N_EXAMPLES)
@given(st.lists(st.one_of(st.binary(max_size=64), st.text(alphabet="0123456789.,;:\t\r\n -+eE%mVaN").map(str.encode))))
def test_whatever_comes_only_finite_rows_of_the_layout_come_out(pieces: list[bytes]):
    parser = LineParser()
    for piece in pieces:
        for found in parser.feed(piece, 0):
            assert isinstance(found, Rows)
            assert found.samples.shape == (len(found.samples), len(found.layout))
            assert np.isfinite(found.samples).all()
