"""Kinds of files by their suffix: pictures, sounds and films, with their media types; and a picture's kind by its bytes."""

from __future__ import annotations

import re

PICTURES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
    ".avif": "image/avif", ".bmp": "image/bmp", ".ico": "image/x-icon", ".tif": "image/tiff", ".tiff": "image/tiff",
}  # fmt: skip
SOUNDS = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".wav": "audio/wav", ".ogg": "audio/ogg", ".oga": "audio/ogg",
    ".opus": "audio/ogg", ".flac": "audio/flac", ".spx": "audio/ogg", ".3gp": "audio/3gpp",
}  # fmt: skip
FILMS = {
    ".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime", ".mkv": "video/x-matroska", ".avi": "video/x-msvideo",
    ".mpg": "video/mpeg", ".mpeg": "video/mpeg", ".ogv": "video/ogg", ".flv": "video/x-flv",
}  # fmt: skip
PLAYED = {**SOUNDS, **FILMS}
"""What Anki plays."""
MEDIA = {**PICTURES, **PLAYED}
_ATTACHED = frozenset(
    ".pdf .zip .7z .rar .tar .gz .tgz .ppt .pptx .key .doc .docx .hwp .hwpx .pages .xls .xlsx .numbers .epub .psd .ai .fig .apkg .dmg .exe".split()
)
"""What people put beside notes and no card can hold."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_BEHIND_PATH = re.compile("[?#]")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF87a", ".gif"), (b"GIF89a", ".gif"), (b"BM", ".bmp"),
    (b"\0\0\1\0", ".ico"), (b"II*\0", ".tif"), (b"MM\0*", ".tif"),
)  # fmt: skip
_DOCTYPE = rb"<!DOCTYPE[^<>\[]*(?:\[[^\[\]]*\]\s*+)?>"
_SVG = re.compile(rb"\s*+(?:<\?xml[^<>]*>\s*+)?(?:<!--(?:[^-]|-(?!->))*+-->\s*+|" + _DOCTYPE + rb"\s*+)*+<svg[\s>]", re.IGNORECASE)
_HEAD = 4_096


def suffix_of(address: str) -> str:
    """The suffix of the file that an address of the notes' own folder names, in small letters; of an address elsewhere, nothing."""
    if _SCHEME.match(address):
        return ""
    found = _SUFFIX.search(_BEHIND_PATH.split(address, maxsplit=1)[0])
    return found[0].lower() if found else ""


def is_played(address: str) -> bool:
    """Whether an address names a sound or a film beside the notes."""
    return suffix_of(address) in PLAYED


def is_attached(address: str) -> bool:
    """Whether an address names a file beside the notes that no card can hold."""
    return suffix_of(address) in _ATTACHED


def picture_kind(data: bytes) -> str:
    """The suffix of a picture of these bytes; of what is no picture, nothing."""
    for signature, suffix in _SIGNATURES:
        if data.startswith(signature):
            return suffix
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"):
        return ".avif"
    return ".svg" if _SVG.match(data.removeprefix(b"\xef\xbb\xbf")[:_HEAD]) else ""
