"""Publication marks: how precise a published share is, in four steps (statistics.md section 3.3, after NCHS)."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import together
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.reasons import Text

ENOUGH_ANSWERS = 30
FINE_WIDTH = 0.10
CARE_WIDTH = 0.20
LOW_PRECISION_WIDTH = 0.30

# Width is a difference of two limits; rounding must not push 0.85..0.95 over the border of 0.10.
ROUNDING = 1e-12


class PublicationMark(StrEnum):
    """How a published figure may be read, from best to worst."""

    FINE = "fine"
    CARE = "care"
    LOW_PRECISION = "low_precision"
    NOT_RANKED = "not_ranked"


MARK_TEXTS: Mapping[PublicationMark, Text] = {
    PublicationMark.FINE: Text("đủ chính xác", "precise enough"),
    PublicationMark.CARE: Text("cần thận trọng", "read with care"),
    PublicationMark.LOW_PRECISION: Text("độ chính xác thấp", "low precision"),
    PublicationMark.NOT_RANKED: Text("không xếp hạng vì quá kém chính xác", "not ranked: too imprecise"),
}

MARK_EXPLANATIONS: Mapping[PublicationMark, Text] = {
    PublicationMark.FINE: Text(
        "Ít nhất 30 người trả lời và khoảng tin cậy rộng không quá 10 điểm phần trăm.",
        "At least 30 people answered and the interval is at most 10 percentage points wide.",
    ),
    PublicationMark.CARE: Text(
        "Dưới 30 người trả lời, hoặc khoảng tin cậy rộng từ 10 đến 20 điểm phần trăm: chênh lệch nhỏ chưa nói lên gì.",
        "Fewer than 30 people answered, or the interval is 10 to 20 percentage points wide: small differences mean "
        "nothing yet.",
    ),
    PublicationMark.LOW_PRECISION: Text(
        "Khoảng tin cậy rộng từ 20 đến 30 điểm phần trăm: chỉ nên đọc là cao, vừa hay thấp.",
        "The interval is 20 to 30 percentage points wide: read it as high, middling or low only.",
    ),
    PublicationMark.NOT_RANKED: Text(
        "Khoảng tin cậy rộng hơn 30 điểm phần trăm: không đưa vào xếp hạng.",
        "The interval is more than 30 percentage points wide: the unit is left out of rankings.",
    ),
}


def publication_marks(n: npt.ArrayLike, width: npt.ArrayLike, *, census: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Mark of every cell.

    Parameters
    ----------
    n : array_like
        People behind the figure.
    width : array_like
        Width of its interval on the scale 0..1.
    census : array_like of bool
        Where everybody was asked the figure is fine whatever its n: nothing was left to chance.

    Returns
    -------
    ndarray of PublicationMark
        None where n is 0 or the width is not known.

    Raises
    ------
    BadInputError
        For a negative n or width, or a width above 1.
    """
    people, wide, everybody = np.broadcast_arrays(*together(n=n, width=width, census=census))
    if (people < 0).any() or (wide < 0).any() or (wide > 1.0 + ROUNDING).any():
        message = "a mark needs n of at least 0 and a width between 0 and 1"
        raise BadInputError(message)
    borders = np.array([FINE_WIDTH, CARE_WIDTH, LOW_PRECISION_WIDTH]) + ROUNDING
    step = np.searchsorted(borders, wide)
    step = np.where((people < ENOUGH_ANSWERS) & (step == 0), 1, step)
    everybody = everybody.astype(bool)
    step = np.where(everybody, 0, step)
    unknown = (people == 0) | np.isnan(people) | (np.isnan(wide) & ~everybody)
    chosen = np.where(unknown, len(PublicationMark), step)
    return np.array([*PublicationMark, None], dtype=object)[chosen.ravel()].reshape(chosen.shape)
