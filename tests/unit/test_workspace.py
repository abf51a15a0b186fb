"""Homes of the offline Azure, and the environment of a command that is wired to one."""

from pathlib import Path

import pytest

from offline import workspace


def test_environment_is_whole(tmp_path: Path) -> None:
    """A command gets the private Pulumi, the offline subscription, and our programs before all others."""
    home = tmp_path / "home"

    environment = workspace.environment(home, {"PATH": "/usr/bin:/bin", "LANG": "C"})

    assert environment == {
        "LANG": "C",
        "PATH": f"{workspace.VIRTUAL_ENVIRONMENT}/bin:{workspace.ENGINE}:/usr/bin:/bin",
        "VIRTUAL_ENV": str(workspace.VIRTUAL_ENVIRONMENT),
        "PULUMI_HOME": f"{home}/pulumi-home",
        "PULUMI_BACKEND_URL": f"file://{home}/state?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "offline",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "ARM_SUBSCRIPTION_ID": "00000000-0000-0000-0000-000000000001",
        "ARM_TENANT_ID": environment["ARM_TENANT_ID"],
        "OFFLINE_HOME": str(home),
        "OFFLINE_AZURE": f"{home}/azure.sqlite",
    }


def test_environment_keeps_a_persons_own_azure_and_pulumi_out(tmp_path: Path) -> None:
    """Credentials, access token, passphrase and selected stack of the person do not reach the command."""
    own = {
        "ARM_CLIENT_SECRET": "s",
        "ARM_USE_OIDC": "true",
        "AZURE_CLIENT_ID": "c",
        "PULUMI_ACCESS_TOKEN": "t",
        "PULUMI_CONFIG_PASSPHRASE": "mine",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "/mine",
        "PULUMI_HOME": "/home/me/.pulumi",
        "PULUMI_STACK": "production",
    }

    assert workspace.environment(tmp_path, {**own, "PATH": "/bin"}) == workspace.environment(tmp_path, {"PATH": "/bin"})


def test_environment_of_an_environment_is_itself(tmp_path: Path) -> None:
    """A wired command that wires another one gives it the same environment: PATH does not grow."""
    environment = workspace.environment(tmp_path, {"PATH": "/bin"})

    assert workspace.environment(tmp_path, environment) == environment


def test_homes_share_the_plugins_only(tmp_path: Path) -> None:
    """Two homes have Pulumi settings and stacks of their own and the same plugin folder."""
    one = workspace.environment(tmp_path / "one", {})
    two = workspace.environment(tmp_path / "two", {})

    assert [Path(each["PULUMI_HOME"], "plugins").resolve() for each in (one, two)] == [workspace.PLUGINS.resolve()] * 2
    assert {name for name in one if one[name] != two[name]} == {"PULUMI_HOME", "PULUMI_BACKEND_URL", "OFFLINE_HOME", "OFFLINE_AZURE"}


def test_a_home_of_a_moved_checkout_finds_the_plugins(tmp_path: Path) -> None:
    """A link to another checkout's plugins is put right."""
    (tmp_path / "pulumi-home").mkdir()
    (tmp_path / "pulumi-home" / "plugins").symlink_to(tmp_path / "gone")

    workspace.environment(tmp_path, {})

    assert (tmp_path / "pulumi-home" / "plugins").readlink() == workspace.PLUGINS


def test_home_is_the_one_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OFFLINE_HOME names the home."""
    monkeypatch.setenv("OFFLINE_HOME", str(tmp_path))

    assert workspace.default_home() == tmp_path.resolve()


def test_home_is_the_checkouts_when_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OFFLINE_HOME it is `.offline/` of the checkout, wherever one stands."""
    monkeypatch.delenv("OFFLINE_HOME", raising=False)

    assert workspace.default_home() == workspace.CHECKOUT / ".offline"


def test_reset_empties_the_home(tmp_path: Path) -> None:
    """Azure, stacks, stack copies and Pulumi's memory of them go; the link to the plugins stays."""
    workspace.environment(tmp_path, {})
    for file in ("azure.sqlite", "azure.sqlite-wal", "state/.pulumi/meta.yaml", "stacks/Pulumi.a.yaml", "pulumi-home/workspaces/a.json"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")

    workspace.reset(tmp_path)

    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.parent != workspace.PLUGINS) == [
        "pulumi-home",
        "pulumi-home/plugins",
    ]


def test_reset_of_an_empty_home_does_nothing(tmp_path: Path) -> None:
    """There need not be anything to empty."""
    workspace.reset(tmp_path)

    assert list(tmp_path.iterdir()) == []
