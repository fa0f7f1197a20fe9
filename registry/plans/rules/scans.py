"""What a scanned document may be, judged by how its bytes begin and never by its name."""

_BEGINNINGS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


def scan_type(content: bytes) -> tuple[str, str] | None:
    """Return media type and file ending of a scan, or None where it is nothing that we keep."""
    return next((kind for sign, kind in _BEGINNINGS.items() if content.startswith(sign)), None)
