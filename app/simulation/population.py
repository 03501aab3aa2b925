"""Draws simulated people from a ``World`` (pure): where and when they come, what they answer, how they behave.

Every person is drawn independently, so that any set of units is a simple random sample of its own part of the world;
the same seed gives the same people.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from app.simulation.world import (
    PERSON_SPREAD,
    QUIT,
    STRAIGHT_LINE_GO_ON,
    STRAIGHT_LINE_LEVELS,
    TAP_EASE,
    Floats,
    Ints,
    World,
    level_shares,
    share_going_on,
)

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]
NOT_SHOWN, NOT_APPLICABLE, BLANK = 0, 254, 255

MORNING, AFTERNOON, EVENING, BURST = range(4)
EVENING_SHARE = 0.03
BURST_SHARE = 0.8  # of the straight-lined answers of the self-satisfied unit
BURST_DAYS = 3
KIOSK_SHARE = 0.35
KIND_SHARES = np.array([0.64, 0.07, 0.11])  # person, organisation, business; the rest leave it blank
ENGLISH = 0.015
COMMENT = 0.12
COMMENT_OF_DISCONTENTED = 0.35
FEEDBACK = 0.015
SAME_DEVICE = 0.015
TRAPPED = 0.001


@dataclass(frozen=True)
class People:
    """Simulated people, one entry each.

    ``unit``, ``counter`` (within the unit) and ``day`` are positions in the world's lists; ``part`` is the part of the
    day. ``tap`` is 1…5. ``criteria`` has a row of codes for each person: 0 where the person stopped after the tap, 1…5,
    254 not applicable, 255 blank. ``kind`` is 1…3 or 255. ``luck`` in 0..1 chooses texts.
    """

    unit: Ints
    counter: Ints
    day: Ints
    part: Ints
    kiosk: Bools
    tap: Codes
    goes_on: Bools
    criteria: Codes
    kind: Codes
    is_straight_line: Bools
    is_hasty: Bools
    english: Bools
    comments: Bools
    feedback: Bools
    again: Bools
    trapped: Bools
    luck: Floats

    def __len__(self) -> int:
        return len(self.unit)

    def only(self, chosen: Bools | Ints) -> "People":
        """Some of these people, by mask or by position."""
        return People(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def draw_people(world: World, count: int, seed: int) -> People:
    """Draw this many people, ordered by day and part of the day; the same seed, the same people."""
    random = np.random.default_rng([seed, 2])
    unit = random.choice(len(world.units), size=count, p=world.unit_shares)
    day = random.choice(len(world.days), size=count, p=world.day_shares)
    is_straight = random.random(count) < world.straight_line[unit]
    person = random.normal(0.0, PERSON_SPREAD, count)
    straight_level = 1 + random.choice(5, size=count, p=STRAIGHT_LINE_LEVELS)
    here = world.contentment[unit] + person + world.trend[unit] * world.progress[day]
    tap = np.where(is_straight, straight_level, _levels(random, here + TAP_EASE))
    goes_on = random.random(count) < np.where(is_straight, STRAIGHT_LINE_GO_ON, share_going_on(person))
    criteria = _criteria(random, world, here)
    criteria[is_straight] = straight_level[is_straight, np.newaxis]
    criteria[~goes_on] = NOT_SHOWN
    is_burst = is_straight & (unit == world.self_satisfied) & (random.random(count) < BURST_SHARE)
    burst_days = _burst_days(random, world)
    day = np.where(is_burst, burst_days[random.integers(len(burst_days), size=count)], day)
    kiosk = np.array([place.kiosk for place in world.units])[unit] & (random.random(count) < KIOSK_SHARE) & ~is_burst
    counters = np.array([len(place.counters) for place in world.units])[unit]
    # The first counters of a unit are the busier ones; the kiosk and the bursts belong to the first.
    counter = np.floor(counters * random.random(count) ** 1.3).astype(np.int64)
    part = _parts(random, count)
    english = random.random(count) < ENGLISH
    people = People(
        unit=unit,
        counter=np.where(kiosk | is_burst, 0, counter),
        day=day,
        part=np.where(is_burst, BURST, np.where(kiosk & (part == EVENING), MORNING, part)),
        kiosk=kiosk,
        tap=tap.astype(np.uint8),
        goes_on=goes_on,
        criteria=criteria,
        kind=_kinds(random, count, goes_on),
        is_straight_line=is_straight,
        is_hasty=is_burst | (random.random(count) < 0.01),
        english=english,
        comments=goes_on & (random.random(count) < np.where(tap <= 2, COMMENT_OF_DISCONTENTED, COMMENT)),
        feedback=(random.random(count) < FEEDBACK * np.where(tap <= 2, 4.0, 1.0)) & ~english,
        again=(random.random(count) < SAME_DEVICE) & ~kiosk,
        trapped=random.random(count) < TRAPPED,
        luck=random.random(count),
    )
    return people.only(np.lexsort((people.counter, people.unit, people.part, people.day)))


def _levels(random: np.random.Generator, contentment: Floats) -> Ints:
    """Draw a level for each entry."""
    ends = np.cumsum(level_shares(contentment), axis=-1)[..., :-1]
    levels: Ints = 1 + (random.random((*contentment.shape, 1)) > ends).sum(axis=-1)
    return levels


def _criteria(random: np.random.Generator, world: World, here: Floats) -> Codes:
    count, width = len(here), len(world.criteria)
    codes: Codes = _levels(random, here[:, np.newaxis] + world.ease).astype(np.uint8)
    codes[random.random((count, width)) < world.not_applicable] = NOT_APPLICABLE
    codes[random.random((count, width)) < world.blank] = BLANK
    if width > 1:
        stops_at = np.where(random.random(count) < QUIT, random.integers(1, width, size=count), width)
        codes[np.arange(width) >= stops_at[:, np.newaxis]] = BLANK
    return codes


def _kinds(random: np.random.Generator, count: int, goes_on: Bools) -> Codes:
    drawn = random.random(count)
    kind = 1 + (drawn[:, np.newaxis] > np.cumsum(KIND_SHARES)).sum(axis=1)
    kind[kind > len(KIND_SHARES)] = BLANK
    kind[~goes_on] = NOT_SHOWN
    codes: Codes = kind.astype(np.uint8)
    return codes


def _parts(random: np.random.Generator, count: int) -> Ints:
    drawn = random.random(count)
    return np.where(drawn < EVENING_SHARE, EVENING, np.where(drawn < 0.6, MORNING, AFTERNOON))


def _burst_days(random: np.random.Generator, world: World) -> Ints:
    """The working days on which the self-satisfied unit answers for itself."""
    working = np.array([number for number, day in enumerate(world.days) if day.weekday() < 5] or [0])
    return random.choice(working, size=min(BURST_DAYS, len(working)), replace=False)
