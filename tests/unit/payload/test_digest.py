"""Names for content."""

from hypothesis import given
from hypothesis import strategies as st

from azure_scaleset.payload.digest import digest, short


def test_digest_is_stable() -> None:
    """A digest is part of names in the cloud, so it may not change with a release of this library."""
    assert digest("installserver.sh", b"echo\n") == "bf7d6df91b3139a858a74889472f34dd068fe7d6fb1cc021dddf159d7ccb7d30"
    assert short("0123456789abcdef") == "0123456789ab"
    assert short("0123456789abcdef", 4) == "0123"


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_digest_tells_parts_apart(one: list[bytes], other: list[bytes]) -> None:
    """Two lists of parts have one digest exactly when they are equal, also when they join to the same bytes."""
    assert (digest(*one) == digest(*other)) == (one == other)


def test_text_counts_as_its_utf8() -> None:
    """Text and its bytes are the same content."""
    assert digest("é") == digest("é".encode())
