"""The shared survey of docs/sampled-surveys.md, imported through its pages as an officer does it."""

from pathlib import Path

from flask.testing import FlaskClient

from tests.support.importing import Importer

FILE = Path(__file__).resolve().parents[1] / "reference" / "statistics" / "data" / "sipas_a.csv"
VILLAGES = {"commune": "stratum", "village": "psu"}
SEXES = {"M": "1", "F": "2"}


def import_example(client: FlaskClient, round_id: int, content: bytes | None = None) -> None:
    """Import the file (or another one of the same columns) into a round, with communes as strata, villages drawn."""
    importer = Importer(client, round_id)
    importer.upload(FILE.read_bytes() if content is None else content, "sipas_a.csv")
    importer.choose(VILLAGES)
    importer.read_as(SEXES)
    done = importer.confirm()
    assert done.status_code == 303, done.text
    assert "Đã nhập toàn bộ tệp." in client.get(done.headers["Location"]).text
