"""An officer's browser on the pages of an import: fills in the forms as they were drawn."""

import html
import io
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.officers import token_of

SELECT = re.compile(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]*)"([^>]*)>')
LABEL = re.compile(r'<label for="(column-\d+)">([^<]*)</label>')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
VALUE = re.compile(r'id="(value-\d+-\d+)-text">([^<]*)<')


class Importer:
    """Walks through the import of one round; ``page`` is what the officer sees, ``draft`` the address of the upload."""

    def __init__(self, client: FlaskClient, round_id: int) -> None:
        self.client = client
        self.start = f"/officer/rounds/{round_id}/imports"
        self.draft = ""
        self.page = ""

    def upload(self, data: bytes, filename: str = "phieu.csv") -> TestResponse:
        """Send a file and open what follows."""
        token = token_of(self.client.get(self.start).text)
        sent = {"csrf_token": token, "file": (io.BytesIO(data), filename)}
        done = self.client.post(self.start, data=sent)
        if done.status_code == 303:
            self.draft = urlsplit(done.headers["Location"]).path.removesuffix("/columns")
            self.page = self.client.get(done.headers["Location"]).text
        return done

    @property
    def proposed(self) -> dict[str, str]:
        """Name of the column → chosen target, as the page shows them."""
        names = {field: html.unescape(name) for field, name in LABEL.findall(self.page)}
        return {names[field]: value for field, value in self._selected().items() if field in names and value}

    def choose(self, changes: Mapping[str, str] | None = None, **more: str) -> TestResponse:
        """Send the choice of columns as drawn, with changes by name of the column; open the preview."""
        fields = {html.unescape(name): field for field, name in LABEL.findall(self.page)}
        data = {**dict(HIDDEN.findall(self.page)), **self._selected()}
        data |= {fields[name]: key for name, key in (changes or {}).items()}
        done = self.client.post(f"{self.draft}/columns", data={**data, **more})
        if done.status_code == 303:
            self.look()
        return done

    def look(self, mode: str = "") -> str:
        """Open the preview."""
        self.page = self.client.get(self.draft, query_string={"mode": mode} if mode else {}).text
        return self.page

    def read_as(self, readings: Mapping[str, str], mode: str = "") -> TestResponse:
        """Say how values are read, by the text of the value."""
        fields = {html.unescape(text).strip(): field for field, text in VALUE.findall(self.page)}
        data = {"csrf_token": token_of(self.page), "mode": mode, **self._selected()}
        data |= {fields[text]: reading for text, reading in readings.items()}
        done = self.client.post(f"{self.draft}/values", data=data)
        self.look(mode)
        return done

    def confirm(self, mode: str = "replace", save_as: str = "") -> TestResponse:
        """Say yes."""
        data = {"csrf_token": token_of(self.page), "mode": mode, "save_as": save_as}
        return self.client.post(self.draft, data=data)

    def _selected(self) -> dict[str, str]:
        found = {}
        for name, options in SELECT.findall(self.page):
            marked = [value for value, more in OPTION.findall(options) if "selected" in more]
            found[name] = html.unescape(marked[0]) if marked else ""
        return found
