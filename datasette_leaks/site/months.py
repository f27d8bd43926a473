"""A chart of messages over time: bars with their places in per cent, so that text never scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

MOST_MONTHS = 144  # bars; a longer time is drawn by years
LEFT_OUT = 0.005  # part of all messages that may be left out at either end: wrong dates
HEIGHT = 160  # of the highest bar, in CSS pixels
LABELS = 8  # at most, below the bars; half as many where they name months
SLOTS = 12  # at least, so that few bars are no walls


class Bar(NamedTuple):
    """The messages of a month (``2011-07``) or a year (``2011``); ``until`` is the one after it.

    ``x`` and ``width`` are per cent of the chart's width, ``height`` CSS pixels.
    """

    period: str
    until: str
    messages: int
    x: float
    width: float
    height: float


class Label(NamedTuple):
    """A period below the bars, at ``x`` per cent; or a number beside, at ``x`` CSS pixels up."""

    text: str
    x: float


class Chart(NamedTuple):
    """``unit`` is month or year. ``earlier`` and ``later`` messages are dated outside of it."""

    unit: str
    bars: list[Bar]
    periods: list[Label]
    levels: list[Label]
    earlier: int
    later: int


def chart(months: Mapping[str, int]) -> Chart | None:
    """The chart of messages by month (``YYYY-MM``); None when there are none with a date."""
    if not months:
        return None
    shown, earlier, later = _without_strays(months)
    unit = "month"
    counts: dict[str, int] = shown
    periods = _run(min(shown), max(shown))
    if len(periods) > MOST_MONTHS:
        unit = "year"
        shown, earlier, later = dict(months), 0, 0
        counts = {}
        for month, messages in months.items():
            counts[month[:4]] = counts.get(month[:4], 0) + messages
        periods = [f"{year:04}" for year in range(int(min(counts)), int(max(counts)) + 1)]
        if len(periods) > MOST_MONTHS:
            periods = sorted(counts)
    levels = _levels(max(counts.values()))
    top = levels[-1]
    step = 100 / max(len(periods), SLOTS)
    bars = [
        Bar(
            period,
            _following(period),
            counts[period],
            round(index * step, 3),
            round(step * 0.86, 3),
            max(round(HEIGHT * counts[period] / top, 1), 1.5),
        )
        for index, period in enumerate(periods)
        if period in counts
    ]
    labels = _labels(periods)
    return Chart(
        unit,
        bars,
        [Label(text, round(index * step, 3)) for text, index in labels],
        [Label(f"{level:,}", HEIGHT * level / top) for level in levels],
        earlier,
        later,
    )


def _labels(periods: Sequence[str]) -> list[tuple[str, int]]:
    """What is named below the bars, and the number of its bar: years, or months where few."""
    named = list(enumerate(periods))
    most = LABELS
    if len(periods) <= SLOTS:
        most = LABELS // 2
    elif len(periods[0]) > 4:
        named = [(index, period[:4]) for index, period in named if period.endswith("-01")]
    every = max(1, -(-len(named) // most))
    return [(name, index) for index, name in named[::every]]


def _without_strays(months: Mapping[str, int]) -> tuple[dict[str, int], int, int]:
    """Months without a few far ones at either end, and how many messages those have.

    An archive has some messages dated 1970 or 2038; with them no bar could be told from the next.
    """
    order = sorted(months)
    spare = LEFT_OUT * sum(months.values())
    first, last, earlier, later = 0, len(order) - 1, 0, 0
    while _apart(order[first], order[last]) > MOST_MONTHS and first < last:
        # The side with the wider gap goes first.
        gap_before = _apart(order[first], order[first + 1])
        gap_after = _apart(order[last - 1], order[last])
        if gap_before >= gap_after and earlier + months[order[first]] <= spare:
            earlier += months[order[first]]
            first += 1
        elif later + months[order[last]] <= spare:
            later += months[order[last]]
            last -= 1
        elif earlier + months[order[first]] <= spare:
            earlier += months[order[first]]
            first += 1
        else:
            break
    return {month: months[month] for month in order[first : last + 1]}, earlier, later


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _apart(one: str, other: str) -> int:
    return _number(other) - _number(one)


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _run(first: str, last: str) -> list[str]:
    return [_month(number) for number in range(_number(first), _number(last) + 1)]


def _following(period: str) -> str:
    if period[:4] == "9999" and period[4:] in ("", "-12"):
        return ":"  # sorts after every digit
    if len(period) == 4:
        return f"{int(period) + 1:04}"
    return _month(_number(period) + 1)


def _levels(most: int) -> Sequence[int]:
    """Two to five round numbers from 0, the last at least ``most``."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * 4 >= most:
                size = step * factor
                return list(range(0, size * -(-most // size) + 1, size))
        step *= 10
