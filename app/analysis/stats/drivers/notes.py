"""What stands beside every driver figure, as codes with words for pages."""

from enum import StrEnum


class DriverCode(StrEnum):
    """Codes of remarks."""

    ASSOCIATION_NOT_CAUSE = "association_not_cause"
    NO_DF = "no_df"
    LONELY_PSU = "lonely_psu"
    UNSURE_QUADRANT = "unsure_quadrant"
    COLLINEAR = "collinear"


# Vietnamese first, then English.
TEXTS: dict[DriverCode, tuple[str, str]] = {
    DriverCode.ASSOCIATION_NOT_CAUSE: (
        "Đây là mối liên hệ, không phải quan hệ nhân quả: yếu tố đi cùng mức hài lòng chung chưa chắc làm tăng nó.",
        "This is association, not cause: a factor that goes with overall satisfaction need not be what raises it.",
    ),
    DriverCode.NO_DF: (
        "Quá ít đơn vị mẫu để tính khoảng hoặc kiểm định.",
        "Too few sampled units for limits or tests.",
    ),
    DriverCode.LONELY_PSU: (
        "Có tầng chỉ có một đơn vị mẫu: sai số chuẩn theo quy tắc đã chọn cho tầng đó.",
        "Some stratum has one sampled unit; the standard error follows the rule chosen for it.",
    ),
    DriverCode.UNSURE_QUADRANT: (
        "Khoảng của một vài yếu tố cắt qua đường chia ô: vị trí của chúng trên ma trận chưa chắc chắn.",
        "The limits of some factors cross a cut: their place in the matrix is not settled.",
    ),
    DriverCode.COLLINEAR: (
        "Các yếu tố liên hệ rất chặt với nhau (VIF trên 10): hệ số riêng của từng yếu tố không ổn định.",
        "The drivers are closely tied to each other (VIF above 10): single coefficients are unstable.",
    ),
}
