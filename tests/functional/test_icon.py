"""The icon that browsers ask for by themselves."""

from flask.testing import FlaskClient


def test_the_icon_is_public_small_and_kept_by_browsers(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert "max-age" in answer.headers["Cache-Control"]
    assert len(answer.data) < 1024
    assert "Set-Cookie" not in answer.headers
