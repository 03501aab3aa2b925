"""All sample contexts, public and officer pages together."""

from __future__ import annotations

from types import SimpleNamespace as Some

from tests.unit.templates.door_samples import DOOR_SAMPLES
from tests.unit.templates.follow_samples import FOLLOW_SAMPLES
from tests.unit.templates.officer_samples import OFFICER_SAMPLES
from tests.unit.templates.public_samples import PUBLIC_SAMPLES, Sample
from tests.unit.templates.result_samples import RESULT_SAMPLES

ERROR_CODES = (400, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503)

ERROR_SAMPLES: dict[str, Sample] = {
    f"error-{code}": (f"errors/{code}.html", {"message": "", "request_id": "a1b2c3", "lang": "vi"})
    for code in ERROR_CODES
}
OTHER_SAMPLES: dict[str, Sample] = {
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
SAMPLES: dict[str, Sample] = (
    PUBLIC_SAMPLES | OTHER_SAMPLES | ERROR_SAMPLES | RESULT_SAMPLES | DOOR_SAMPLES | FOLLOW_SAMPLES | OFFICER_SAMPLES
)
