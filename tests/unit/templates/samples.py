"""All sample contexts, public and officer pages together."""

from __future__ import annotations

from types import SimpleNamespace as Some

from tests.unit.templates.officer_samples import OFFICER_SAMPLES
from tests.unit.templates.public_samples import COMMON, PUBLIC_SAMPLES, Sample
from tests.unit.templates.result_samples import RESULT_SAMPLES

ERROR_CODES = (400, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503)

ERROR_SAMPLES: dict[str, Sample] = {
    f"error-{code}": (f"errors/{code}.html", {"message": "", "request_id": "a1b2c3", "lang": "vi"})
    for code in ERROR_CODES
}
OTHER_SAMPLES: dict[str, Sample] = {
    "feedback-new": (
        "feedback/new.html",
        COMMON | {"text": "", "errors": [], "personal_data": [], "back_url": "/q/7KQ2M9", "is_simulated": True},
    ),
    "feedback-error": (
        "feedback/new.html",
        COMMON
        | {
            "text": "Gọi tôi số 0912 345 678",
            "errors": [Some(field_id="text", message="Xin viết ngắn hơn 4.000 ký tự.")],
            "personal_data": ["0912 345 678"],
        },
    ),
    "feedback-sent": ("feedback/sent.html", COMMON | {"public_number": "PA-7KQ2-M9XD", "received_on": "21/11/2026"}),
    "error-message": ("errors/409.html", {"message": "Đơn vị đã được đổi tên.", "home_url": "/", "lang": "vi"}),
    "sign-in": (
        "accounts/sign_in.html",
        {
            "csrf_token": "t",
            "action_url": "/officer/sign-in",
            "user_name": "chau",
            "errors": [Some(field_id="user_name", message="Tên đăng nhập hoặc mật khẩu không đúng.")],
        },
    ),
}
SAMPLES: dict[str, Sample] = PUBLIC_SAMPLES | OTHER_SAMPLES | ERROR_SAMPLES | RESULT_SAMPLES | OFFICER_SAMPLES
