"""The cloud that a token is for."""

import pytest

from azure_scaleset.rollout.cloud import Cloud, of_audience
from azure_scaleset.rollout.token import claims


@pytest.mark.parametrize(
    ("audience", "endpoint"),
    [
        ("https://management.azure.com/", "https://management.azure.com"),
        ("https://management.core.windows.net/", "https://management.azure.com"),
        ("https://management.core.usgovcloudapi.net", "https://management.usgovcloudapi.net"),
        ("https://management.chinacloudapi.cn", "https://management.chinacloudapi.cn"),
    ],
)
def test_audiences_of_the_known_clouds(audience: str, endpoint: str) -> None:
    """The Resource Manager's own address, and the classic one."""
    assert of_audience(audience) == Cloud(endpoint, f"{endpoint}/")


def test_what_is_none_of_them() -> None:
    """Nothing is guessed."""
    assert (of_audience("https://management.local"), claims("no token"), claims("a.bm8.b")) == (None, {}, {})
