"""Credentials in plain sight."""

import pytest

from azure_scaleset.payload.sensitive import find_sensitive, sas_signature

SIGNATURE = "sig=" + "aB3%2F" * 8
KEY = "AccountKey=" + "A" * 86 + "=="


@pytest.mark.parametrize(
    "text", [f"https://x.blob.core.windows.net/c/b?sv=2022&{SIGNATURE}", f"?{SIGNATURE}&se=1", SIGNATURE, "SharedAccessSignature=sv=2"]
)
def test_signatures_are_found(text: str) -> None:
    """A shared access signature is found wherever it stands in the query."""
    assert sas_signature(text)


@pytest.mark.parametrize(
    "text", ["https://x/y?sig=short", "design=" + "a" * 50, "the sig= parameter", "sig=${SIGNATURE_OF_THE_URL_FROM_THE_ENVIRONMENT}"]
)
def test_other_text_is_not_taken_for_one(text: str) -> None:
    """Words that only look like a signature's name are left alone."""
    assert not sas_signature(text)


def test_paths_of_what_is_sensitive() -> None:
    """Every place is named, deep in maps and lists, keys included."""
    value = {
        "fileUris": ["https://x/a", f"https://x/b?{SIGNATURE}"],
        "n": 1,
        "env": {"c": KEY, KEY: "x"},
        "pem": "-----BEGIN RSA PRIVATE KEY-----\n",
    }
    assert find_sensitive(value, "settings") == ["settings.fileUris[1]", "settings.env", "settings.env.c", "settings.pem"]
