"""What a paper may load while it is laid out: our own templates and fonts, nothing else."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf"}


class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Serves files below the given folders; anything else stops the print.

    `refused` keeps what was asked for: WeasyPrint swallows even fatal errors inside a picture.
    """

    def __init__(self, *folders: Path) -> None:
        super().__init__(allowed_protocols={"file"}, fail_on_errors=True)
        self.folders = [folder.resolve() for folder in folders]
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002  # theirs
        """Return the file behind a URL.

        Raises:
            FatalURLFetchingError: it lies outside our folders, or on another machine.
        """
        parts = urlsplit(url)
        file = Path(unquote(parts.path)).resolve()
        inside = any(file.is_relative_to(folder) for folder in self.folders)
        if parts.scheme != "file" or parts.netloc or not inside or not file.is_file():
            self.refused.append(url)
            raise FatalURLFetchingError(url)
        kind = _TYPES.get(file.suffix, "application/octet-stream")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})
