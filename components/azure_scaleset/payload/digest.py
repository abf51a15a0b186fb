"""Names for content: the same bytes always have the same digest, wherever and whenever they are read."""

import hashlib


def digest(*parts: bytes | str) -> str:
    """The SHA-256 of *parts* in order, as 64 hexadecimal digits; text counts as its UTF-8.

    Each part is preceded by its length, so that `("ab", "c")` and `("a", "bc")` differ. It is therefore not the SHA-256 of the plain content,
    which an instance checks after a download: that is `hashlib.sha256(content).hexdigest()`.
    """
    sha256 = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha256.update(len(data).to_bytes(8, "big"))
        sha256.update(data)
    return sha256.hexdigest()


def short(digest: str, n: int = 12) -> str:
    """The first *n* digits of a digest, for names that people read. 12 (48 bits) keeps the payloads of one deployment apart."""
    return digest[:n]
