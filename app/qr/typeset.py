"""Run typst in a process of its own.

typst keeps what it worked out for the next ten documents: some 60 MB for each forty cards, which a web worker would
hold for good. A process that ends gives everything back; starting it costs less than a tenth of a second. The child
runs this file alone and does not load the application.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

LONGEST_SECONDS = 120


def typeset(layout: Path, fonts: Path, data: Mapping[str, object]) -> bytes:
    """The PDF (tagged, PDF/UA-1, only with the fonts in `fonts`) that `layout` makes of `data`.

    The layout reads the data as JSON from `sys.inputs.data`: what people wrote stays data and is never markup. Raises
    RuntimeError with typst's message, and subprocess.TimeoutExpired after two minutes.
    """
    request = {"layout": str(layout), "fonts": str(fonts), "data": json.dumps(data, ensure_ascii=False)}
    done = subprocess.run(  # noqa: S603  # a fixed command; the data go in through the pipe
        [sys.executable, "-I", "-X", "utf8", __file__],
        input=json.dumps(request).encode(),
        capture_output=True,
        check=False,
        timeout=LONGEST_SECONDS,
    )
    if done.returncode != 0:
        raise RuntimeError(f"typesetting {layout.name} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _main() -> None:
    import typst

    request = json.load(sys.stdin.buffer)
    layout = Path(request["layout"])
    try:
        pdf = typst.compile(
            layout,
            root=layout.parent,
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(request["fonts"])]
            ),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": request["data"]},
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    _main()
