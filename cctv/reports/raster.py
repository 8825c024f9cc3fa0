"""A page of a sheet as a picture."""

import io

import pypdfium2
from reportlab.lib.units import mm

POINTS_PER_INCH = 72


def first_page_png(pdf: bytes, *, dpi: int = 200, crop_mm: tuple[float, float, float, float] = (0, 0, 0, 0)) -> bytes:
    """Draw the first page of a sheet.

    Parameters
    ----------
    pdf : bytes
        The sheet.
    dpi : int
        Dots per inch.
    crop_mm : tuple of float
        What is cut off on the left, below, on the right and above [mm].

    Returns
    -------
    bytes
        PNG.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[0].render(
            scale=dpi / POINTS_PER_INCH,  # pyright: ignore[reportArgumentType]  # takes fractions
            crop=tuple(edge * mm for edge in crop_mm),  # pyright: ignore[reportArgumentType]  # takes fractions
        )
        picture = bitmap.to_pil()
    finally:
        document.close()
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
