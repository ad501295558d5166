"""Names of kinds of content, by the ends of file names."""

from pathlib import Path

TEXT = "text/plain"
BINARY = "application/octet-stream"
FOLDER = "inode/directory"

_TYPES = {
    ".bmp": "image/bmp",
    ".c": "text/x-c",
    ".cc": "text/x-c++",
    ".cpp": "text/x-c++",
    ".cs": "text/x-csharp",
    ".css": "text/css",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".go": "text/x-go",
    ".h": "text/x-c",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".ipynb": "application/x-ipynb+json",
    ".java": "text/x-java",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsx": "text/jsx",
    ".kt": "text/x-kotlin",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".pdf": "application/pdf",
    ".php": "text/x-php",
    ".png": "image/png",
    ".py": "text/x-python",
    ".pyi": "text/x-python",
    ".rb": "text/x-ruby",
    ".rs": "text/x-rust",
    ".rst": "text/x-rst",
    ".sh": "text/x-shellscript",
    ".sql": "application/sql",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".ts": "text/typescript",
    ".tsx": "text/tsx",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}


def text_type(path: Path) -> str:
    """Give the type of a file that is known to be text."""
    found = _TYPES.get(path.suffix.lower(), TEXT)
    return found if _is_text(found) else TEXT


def binary_type(path: Path) -> str:
    """Give the type of a file that is known not to be text."""
    found = _TYPES.get(path.suffix.lower(), BINARY)
    return BINARY if _is_text(found) else found


def likely_type(path: Path) -> str:
    """Give the type of a file by its name alone; text if that tells nothing."""
    return _TYPES.get(path.suffix.lower(), TEXT)


def _is_text(mime_type: str) -> bool:
    kind, _, name = mime_type.partition("/")
    is_written = name.endswith(("json", "xml", "toml", "yaml", "sql"))
    return kind == "text" or is_written
