"""Three photographs of 12 million pixels with one complaint: what the request costs, and what the job costs later."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import numpy as np
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import create_environ, encode_multipart

from app.config import Config
from bench.machine import describe

PHOTOS = 3
SIZE = (4032, 3024)
KEYS = "active=1 index=" + "1d" * 32 + " 1=" + "1e" * 32


def photo(number: int, form: str) -> bytes:
    """Detail at every scale, as a photograph has it, and the metadata of a telephone."""
    random = np.random.default_rng(number)
    total = np.zeros((SIZE[1], SIZE[0], 3), dtype=np.float32)
    for step in (4, 16, 64, 256):
        small = random.integers(0, 256, (SIZE[1] // step + 1, SIZE[0] // step + 1, 3), dtype=np.uint8)
        total += np.asarray(Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float32)
    image = Image.fromarray((total / 4).astype(np.uint8))
    tags = Image.Exif()
    tags[0x0112], tags[0x8825] = 6, {1: "N", 2: (21.0, 1.0, 40.0), 3: "E", 4: (105.0, 51.0, 15.0)}
    made = BytesIO()
    if form == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    image.save(made, form, quality=88 if form == "JPEG" else 55, exif=tags)
    return made.getvalue()


def body(folder: Path, form: str) -> tuple[Path, str]:
    """A posted form in a file, and its content type."""
    extension, kind = ("jpg", "image/jpeg") if form == "JPEG" else ("heic", "image/heic")
    files = [
        FileStorage(BytesIO(photo(number, form)), f"IMG_{number}.{extension}", "file", kind) for number in range(PHOTOS)
    ]
    boundary, data = encode_multipart({"file": files, "text": "Chuyện đã xảy ra."})
    path = folder / f"body-{form}"
    path.write_bytes(data)
    return path, f"multipart/form-data; boundary={boundary}"


def request(folder: Path, path: Path, content_type: str) -> dict[str, float]:
    """One request in the whole application: reading the form, looking, encrypting, storing, the rows."""
    from flask import request as flask_request

    from app import create_app
    from app.db.session import transaction
    from app.files.gate.limits import ORDINARY
    from app.files.gate.services import enter, take
    from app.keys.start import store_of
    from app.web.pages import site

    application = create_app(_config(folder))
    before = peak_mib()
    with path.open("rb") as stream:
        environ = create_environ(method="POST", path="/")
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = stream, str(path.stat().st_size)
        environ["CONTENT_TYPE"] = content_type
        cpu, wall = time.process_time(), time.perf_counter()
        with application.request_context(environ):
            flask_request.max_content_length = 100 * 1024 * 1024
            store = store_of(site().config)
            sent = [
                take(store, str(one.filename), one.stream, allowed=ORDINARY, declared_type=str(one.content_type))
                for one in flask_request.files.getlist("file")
            ]
            with transaction() as session:
                for one in sent:
                    enter(session, store, one)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert len(sent) == PHOTOS
    return {"cpu": cpu, "wall": wall, "before": before, "peak": peak_mib()}


def job(folder: Path) -> dict[str, float]:
    """The check that follows: this process, and the confined ones it starts."""
    from app.crypto import keeper
    from app.crypto.keeper import Keeper
    from app.db.session import Database
    from app.files.gate.checking import Gate, check_waiting
    from app.keys.start import source_of, store_of

    config = _config(folder)
    keeper.use(Keeper(source_of(config)))
    database = Database(config.database_url)
    before, cpu, wall = peak_mib(), time.thread_time(), time.perf_counter()
    with watched_children() as children_peak:
        done = check_waiting(Gate(database, store_of(config), folder))
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall  # without the thread that watches
    database.dispose()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.accepted == PHOTOS, done
    return {
        "cpu": cpu,
        "children": children.ru_utime + children.ru_stime,
        "wall": wall,
        "before": before,
        "peak": peak_mib(),
        "child": max(children_peak),
    }


def peak_mib(pid: int | None = None) -> float:
    """Highest resident memory of a process since it began its program (getrusage remembers its parent's, too)."""
    try:
        status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def _is_confined(pid: str) -> bool:
    """Whether a child has begun its program; until then it shows the memory of its parent."""
    try:
        return "gate.child" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


@contextmanager
def watched_children() -> Iterator[list[float]]:
    """Collects the peaks of child processes while the block runs."""
    peaks, is_over = [0.0], Event()

    def watch() -> None:
        while not is_over.wait(0.004):
            for started in Path("/proc/self/task").glob("*/children"):
                peaks.extend(
                    peak_mib(int(pid)) for pid in started.read_text(encoding="ascii").split() if _is_confined(pid)
                )

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield peaks
    finally:
        is_over.set()
        watcher.join()


def _config(folder: Path) -> Config:
    return Config(
        database_url=f"sqlite:///{folder}/bench.db",
        data_dir=folder,
        secret_key=b"bench-" * 8,
        encryption_keys=KEYS,
        second_factor="off",
    )


def _apart(what: str, *arguments: str) -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.photos", what, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(ended.stdout.splitlines()[-1]))


def measure(folder: Path, form: str) -> None:
    """Both parts, each in a process of its own."""
    path, content_type = body(folder, form)
    asked = _apart("request", str(folder), str(path), content_type)
    checked = _apart("job", str(folder))
    print(
        f"{form:4} {PHOTOS} × {SIZE[0] * SIZE[1] / 1e6:.0f} megapixels, {path.stat().st_size / 2**20:.1f} MiB posted · "
        f"request: CPU {asked['cpu'] * 1000:.0f} ms, {asked['wall'] * 1000:.0f} ms, "
        f"memory {asked['before']:.0f} → {asked['peak']:.0f} MiB · "
        f"job: CPU {(checked['cpu'] + checked['children']) * 1000:.0f} ms "
        f"({checked['children'] / PHOTOS * 1000:.0f} ms in each child), {checked['wall'] * 1000:.0f} ms, "
        f"memory {checked['before']:.0f} → {checked['peak']:.0f} MiB, child at most {checked['child']:.0f} MiB"
    )


def main() -> None:
    """Without arguments: measure all. With: one part, which prints its figures as JSON."""
    if sys.argv[1:2] == ["request"]:
        print(json.dumps(request(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])))
        return
    if sys.argv[1:2] == ["job"]:
        print(json.dumps(job(Path(sys.argv[2]))))
        return
    from app.db import migrate
    from app.db.session import Database

    print(describe())
    for form in ("JPEG", "HEIF"):
        with TemporaryDirectory(prefix="langnghe-bench-") as made:
            folder = Path(made)
            database = Database(f"sqlite:///{folder}/bench.db")
            migrate.upgrade(database)
            database.dispose()
            measure(folder, form)


if __name__ == "__main__":
    main()
