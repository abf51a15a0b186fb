"""What clients of the https server trust."""

from pathlib import Path

import certifi
import pytest

from offline.tls import server_context, trusted_file


def test_clients_trust_the_public_roots_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CA, and certifi's roots: a `pip` that obeys the variable still reaches its index."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    server_context(tmp_path)

    authority = (tmp_path / "tls" / "ca.pem").read_bytes()
    assert authority.count(b"BEGIN CERTIFICATE") == 1
    assert trusted_file(tmp_path).read_bytes() == authority + Path(certifi.where()).read_bytes()


def test_roots_that_a_person_has_chosen_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the variable as it was, as behind a company's proxy; its own file, as of `offline env`, doesn't grow by itself."""
    chosen = tmp_path / "company.pem"
    chosen.write_text("company\n")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(chosen))
    server_context(tmp_path)
    authority = (tmp_path / "tls" / "ca.pem").read_bytes()

    trusted = trusted_file(tmp_path)
    assert trusted.read_bytes() == authority + b"company\n"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    assert trusted_file(tmp_path).read_bytes() == authority + Path(certifi.where()).read_bytes()
    assert sorted(each.name for each in (tmp_path / "tls").iterdir()) == ["ca.pem", "server.pem", "trusted.pem"]


@pytest.mark.parametrize("value", ["", "/no/such/file.pem"])
def test_variable_that_names_no_file_is_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The public roots are taken."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", value)
    server_context(tmp_path)
    assert trusted_file(tmp_path).read_bytes().endswith(Path(certifi.where()).read_bytes())
