"""The server as any http client sees it: tokens, blobs, start and stop."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests

from offline.https_server import NotServing, environment, running
from tests.contract.conftest import SUBSCRIPTION

VERSION = {"api-version": "2024-05-01"}


def token(served: dict[str, str], resource: str) -> str:
    """An access token of the managed-identity endpoint."""
    headers = {"X-IDENTITY-HEADER": served["IDENTITY_HEADER"]}
    query = {"resource": resource, "api-version": "2019-08-01"}
    return str(requests.get(served["IDENTITY_ENDPOINT"], query, headers=headers, timeout=10).json()["access_token"])


def arm(served: dict[str, str], method: str, path: str, body: Any = None) -> requests.Response:
    """A call of ARM with a token."""
    headers = {"Authorization": f"Bearer {token(served, served['OFFLINE_AUDIENCE'])}"}
    return requests.request(method, served["OFFLINE_ARM_ENDPOINT"] + path, params=VERSION, json=body, headers=headers, timeout=10)


@pytest.fixture
def account(served: dict[str, str]) -> str:
    """A storage account with the container `files`: its id."""
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/http-{uuid.uuid4().hex[:6]}"
    name = f"{group}/providers/Microsoft.Storage/storageAccounts/http{uuid.uuid4().hex[:8]}"
    arm(served, "PUT", group, {"location": "westeurope"})
    arm(served, "PUT", name, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    assert arm(served, "PUT", f"{name}/blobServices/default/containers/files", {"properties": {}}).status_code == 201
    return name


def test_call_without_token_is_challenged(served: dict[str, str]) -> None:
    """401 with where to get a token; what clients ask before they have one is open."""
    answer = requests.get(served["OFFLINE_ARM_ENDPOINT"] + "/subscriptions", VERSION, timeout=10)
    cloud = requests.get(served["OFFLINE_ARM_ENDPOINT"] + "/metadata/endpoints", VERSION, timeout=10)
    challenge = answer.headers["WWW-Authenticate"].split("=")[0]
    assert (answer.status_code, challenge, cloud.status_code) == (401, "Bearer authorization_uri", 200)


def test_expired_token_is_refused(served: dict[str, str]) -> None:
    """A token past its time is a 401 with Azure's code."""
    payload = {"aud": served["OFFLINE_AUDIENCE"], "exp": 1, "oid": "me"}
    old = "e30." + base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=") + "."
    answer = requests.get(
        served["OFFLINE_ARM_ENDPOINT"] + "/subscriptions", VERSION, headers={"Authorization": f"Bearer {old}"}, timeout=10
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "ExpiredAuthenticationToken")


def test_identity_endpoint_wants_its_header(served: dict[str, str]) -> None:
    """A process that does not know the header gets no token."""
    answer = requests.get(served["IDENTITY_ENDPOINT"], {"resource": "x", "api-version": "2019-08-01"}, timeout=10)
    assert answer.status_code == 401


def test_body_that_is_no_json_is_refused(served: dict[str, str]) -> None:
    """As InvalidRequestContent."""
    headers = {"Authorization": f"Bearer {token(served, served['OFFLINE_AUDIENCE'])}"}
    url = f"{served['OFFLINE_ARM_ENDPOINT']}/subscriptions/{SUBSCRIPTION}/resourceGroups/x"
    answer = requests.put(url, "{", params=VERSION, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


def test_blob_is_written_and_read_with_a_signature(served: dict[str, str], account: str) -> None:
    """By path and by host name, whole and in ranges."""
    name = account.rsplit("/", 1)[-1]
    body = {
        "canonicalizedResource": f"/blob/{name}/files",
        "signedResource": "c",
        "signedPermission": "rcwd",
        "signedExpiry": "2027-01-01T00:00:00Z",
    }
    sas = arm(served, "POST", f"{account}/ListServiceSas", body).json()["serviceSasToken"]
    by_path = f"{served['OFFLINE_ARM_ENDPOINT']}/_blob/{name}/files/install.sh?{sas}"
    by_host = f"{served['OFFLINE_ARM_ENDPOINT']}/files/install.sh?{sas}"
    host = {"Host": f"{name}.blob.core.windows.net"}
    put = requests.put(by_path, b"0123456789", headers={"x-ms-blob-type": "BlockBlob", "Content-Type": "text/plain"}, timeout=10)
    whole = requests.get(by_host, headers=host, timeout=10)
    part = requests.get(by_path, headers={"x-ms-range": "bytes=2-4"}, timeout=10)
    gone = [requests.delete(by_path, timeout=10).status_code, requests.get(by_path, timeout=10).headers["x-ms-error-code"]]
    assert (put.status_code, whole.content, whole.headers["Content-Type"]) == (201, b"0123456789", "text/plain")
    assert (part.status_code, part.content, part.headers["Content-Range"], gone) == (206, b"234", "bytes 2-4/10", [202, "BlobNotFound"])


def test_deployer_has_no_right_on_blobs(served: dict[str, str], account: str) -> None:
    """Who owns the subscription may not write a blob with a token."""
    url = f"{served['OFFLINE_ARM_ENDPOINT']}/_blob/{account.rsplit('/', 1)[-1]}/files/a"
    headers = {"Authorization": f"Bearer {token(served, 'https://storage.azure.com/')}", "x-ms-blob-type": "BlockBlob"}
    answer = requests.put(url, b"x", headers=headers, timeout=10)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (403, "AuthorizationPermissionMismatch")


def test_the_authority_stays(tmp_path: Path) -> None:
    """The CA stays the same from one server of a home to the next."""
    authorities = []
    for _ in range(2):
        with running(tmp_path) as variables:
            authorities.append(Path(variables["REQUESTS_CA_BUNDLE"]).read_bytes())
    assert authorities[0] == authorities[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_is_found_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    """While `serve` runs its variables are found; a signal ends it with status 0 and without trace, and then they are not."""
    program = "import sys; from pathlib import Path; from offline.https_server import serve; serve(Path(sys.argv[1]), 0)"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.getcwd()}
    )
    while not (tmp_path / "serve.json").exists() and process.poll() is None:
        time.sleep(0.05)
    described = requests.get(
        f"{environment(tmp_path)['OFFLINE_ARM_ENDPOINT']}/metadata/endpoints?api-version=2022-09-01",
        verify=environment(tmp_path)["REQUESTS_CA_BUNDLE"],
        timeout=10,
    )
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert (described.status_code, process.returncode, errors, (tmp_path / "serve.json").exists()) == (200, 0, b"", False)
    with pytest.raises(NotServing, match="python -m offline serve"):
        environment(tmp_path)
