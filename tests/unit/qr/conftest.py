"""Independent readers: PDFium draws and reads pages, zxing decodes."""

import struct
import zlib

import numpy as np
import pypdfium2
import pytest
import zxingcpp


@pytest.fixture
def draw_page():
    """(pdf bytes, page number, dots per inch) → greyscale picture."""

    def draw(pdf: bytes, page: int = 0, dpi: int = 150) -> np.ndarray:
        document = pypdfium2.PdfDocument(pdf)
        picture = document[page].render(scale=dpi / 72, grayscale=True).to_numpy()
        copy = picture.reshape(picture.shape[:2]).copy()
        document.close()
        return copy

    return draw


@pytest.fixture
def read_text():
    """(pdf bytes, page number) → text of the page in one line."""

    def read(pdf: bytes, page: int = 0) -> str:
        document = pypdfium2.PdfDocument(pdf)
        text = document[page].get_textpage().get_text_range()
        document.close()
        return " ".join(text.split())

    return read


@pytest.fixture
def decode():
    """Picture → every QR code in it, as zxing reads it."""

    def read(picture: np.ndarray):
        return zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)

    return read


@pytest.fixture
def read_png():
    """One-bit greyscale PNG without filters → picture; fails on anything else."""

    def read(data: bytes) -> np.ndarray:
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        chunks, at = {}, 8
        while at < len(data):
            (length,) = struct.unpack_from(">I", data, at)
            kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
            assert zlib.crc32(kind + body) == struct.unpack_from(">I", data, at + 8 + length)[0]
            chunks[kind] = body
            at += 12 + length
        assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
        width, height, *kind = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
        assert kind == [1, 0, 0, 0, 0]
        lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, -1)
        assert not lines[:, 0].any()
        return np.unpackbits(lines[:, 1:], axis=1)[:, :width] * np.uint8(255)

    return read
