"""What a build does, from local files."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images import recipe
from azure_scaleset.images.build_arguments import BuiltImageArgs
from azure_scaleset.shape import fields, read_fields

BASE = "Canonical:ubuntu-24_04-lts:server:24.4.1"


def args(**changes: Any) -> BuiltImageArgs:
    """Arguments as the component reads them."""
    found: list[str] = []
    given = {
        "resourceGroupName": "g",
        "location": "westeurope",
        "os": "Linux",
        "base": "Ubuntu2404",
        "steps": [{"shell": {"commands": ["true"]}}],
    }
    result: Any = read_fields({**given, **changes}, fields(BuiltImageArgs), "", found)
    assert found == []
    return result  # type: ignore[no-any-return]  # read_fields gives what its table says


def steps(given: BuiltImageArgs, folder: Path) -> tuple[list[recipe.Step], list[str]]:
    """The steps with their files, and what is wrong."""
    problems: list[str] = []
    return recipe.read(given["steps"], given["os"], folder, "steps", problems), problems


def digest_of(given: BuiltImageArgs, folder: Path, base: str = BASE) -> str:
    """The recipe's digest."""
    return recipe.recipe_digest(base, given["os"], steps(given, folder)[0], [], given)


def test_every_kind_of_step_is_one_of_image_builders(tmp_path: Path) -> None:
    """Shell scripts run as root under their own first line; a file is uploaded and checked by its SHA-256; Windows has its own steps."""
    (tmp_path / "a.conf").write_text("x\n")
    linux, problems = steps(
        args(steps=[{"file": {"file": "a.conf", "destination": "/tmp/a.conf"}}, {"shell": {"commands": ["a", "b"]}}]), tmp_path
    )
    windows, more = steps(
        args(
            os="Windows",
            steps=[
                {"powerShell": {"commands": ["Get-Date"], "elevated": True, "exitCodes": [0, 3010]}},
                {"windowsUpdate": {"updateLimit": 20}},
                {"name": "again", "windowsRestart": {"checkCommand": "c", "timeout": "10m"}},
            ],
        ),
        tmp_path,
    )

    assert problems + more == []
    assert recipe.customizers(linux, lambda name, data, suffix: f"https://a/{hashlib.sha256(data).hexdigest()[:4]}{suffix}")[0] == {
        "type": "File",
        "name": "a.conf",
        "sourceUri": "https://a/73cb.conf",
        "sha256Checksum": hashlib.sha256(b"x\n").hexdigest(),
        "destination": "/tmp/a.conf",
    }
    assert recipe.customizers(windows, lambda *_: "") == [
        {
            "type": "PowerShell",
            "name": "powershell commands",
            "inline": ["Get-Date"],
            "runElevated": True,
            "runAsSystem": False,
            "validExitCodes": [0, 3010],
        },
        {"type": "WindowsUpdate", "name": "windowsUpdate", "updateLimit": 20},
        {"type": "WindowsRestart", "name": "again", "restartCheckCommand": "c", "restartTimeout": "10m"},
    ]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("#!/bin/bash\nset -e\na=(1 2)\necho \"${a[1]} $(printf '%s' 'it''s')\" > out\n", 0),
        ("echo no shebang > out\n", 0),
        ("#!/bin/sh\nexit 7\n", 7),
    ],
)
def test_a_script_arrives_as_it_is(tmp_path: Path, script: str, code: int) -> None:
    """Quotes, dollars and bash's own grammar survive the way through `sh`; its exit code is the step's."""
    (tmp_path / "s.sh").write_text(script)
    (step,), _ = steps(args(steps=[{"shell": {"file": "s.sh"}}]), tmp_path)
    (made,) = recipe.customizers([step], lambda *_: "")
    # Packer joins the commands of a step to one script that ends at the first failure. There may be no sudo here.
    joined = '#!/bin/sh -e\nsudo() { shift; "$@"; }\n' + "\n".join(made["inline"])

    done = subprocess.run(["sh", "-e", "-c", joined], cwd=tmp_path, check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (code, "")
    if code == 0:
        assert (tmp_path / "out").read_text() == subprocess.run(
            ["bash" if "bash" in script else "sh", "-c", f"{script}cat out"], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout


def test_the_digest_changes_exactly_with_what_is_in_the_image(tmp_path: Path) -> None:
    """A byte of a script, a newer base and the order count; the build machine's size, another checkout and a file's time don't."""
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        (folder / "s.sh").write_text("#!/bin/sh\ntrue\n")
    given = args(steps=[{"shell": {"file": "s.sh"}}, {"shell": {"commands": ["true"]}}])
    whole = digest_of(given, tmp_path / "one")

    same = [
        digest_of(given, tmp_path / "two"),
        digest_of(args(steps=given["steps"], size="Standard_D8s_v5", buildTimeout=60), tmp_path / "one"),
        digest_of(given, tmp_path / "one", BASE.upper()),
    ]
    (tmp_path / "two" / "s.sh").write_text("#!/bin/sh\nfalse\n")
    other = [
        digest_of(given, tmp_path / "two"),
        digest_of(given, tmp_path / "one", "Canonical:ubuntu-24_04-lts:server:24.4.2"),
        digest_of(args(steps=given["steps"][::-1]), tmp_path / "one"),
        digest_of(args(steps=given["steps"], osDiskSizeGb=64), tmp_path / "one"),
    ]

    assert {*same} == {whole}
    assert len({whole, *other}) == 5


def test_line_ends_of_another_checkout_are_no_other_recipe(tmp_path: Path) -> None:
    """git may have written CRLF: a shell script has LF on the build machine all the same."""
    given = args(steps=[{"shell": {"file": "s.sh"}}])
    (tmp_path / "s.sh").write_bytes(b"#!/bin/sh\ntrue\n")
    unix = digest_of(given, tmp_path)
    (tmp_path / "s.sh").write_bytes(b"#!/bin/sh\r\ntrue\r\n")

    assert digest_of(given, tmp_path) == unix


def test_all_that_is_wrong_with_steps_is_told(tmp_path: Path) -> None:
    """Each step by its place, in one go."""
    (tmp_path / "s.sh").write_text("curl 'https://a.blob.core.windows.net/c/b?sv=2024-01-01&sig=abcdefghijklmnopqrstuvwxyz0123456789%3D'\n")
    _, problems = steps(
        args(
            steps=[
                {"powerShell": {"commands": ["x"], "asSystem": True}},
                {"shell": {"file": "missing.sh"}},
                {"file": {"file": "s.sh", "destination": "/etc/s.sh"}},
                {"shell": {"file": "s.sh"}},
                {"shell": {"commands": ["x" * 70_000]}},
            ]
        ),
        tmp_path,
    )

    assert [problem.split(" ")[0] for problem in problems] == [
        "steps[0].powerShell",
        "steps[0].powerShell.asSystem",
        "steps[1].shell:",
        "steps[2].file.destination",
        "steps[3].shell",
        "steps[4].shell",
    ]


def test_updates_and_restarts_validate_nothing(tmp_path: Path) -> None:
    """The finished image is only looked at."""
    problems: list[str] = []
    recipe.read([{"windows_restart": {}}], OperatingSystem.WINDOWS, tmp_path, "validation.steps", problems, validation=True)

    assert problems == ["validation.steps[0].windowsRestart can't validate an image. Expected shell, powerShell or file."]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"buildTimeout": 5}, "buildTimeout is 5. Expected 6 to 960"),
        ({"steps": []}, "steps is empty"),
        ({"base": "nothing"}, "base: 'nothing' is no image"),
        ({"base": "Win2022Datacenter"}, "base is 'Win2022Datacenter', an image of Windows, but os is Linux"),
        ({"base": "/CommunityGalleries/c/Images/d"}, "Image Builder takes platform images, managed images and gallery image versions (B2)"),
        ({"base": BASE, "baseConstraint": "24.*"}, "has no newer versions"),
        (
            {"network": {"subnetId": "/n/subnets/s", "containerInstanceSubnetId": "/N/subnets/c", "proxySize": "p"}},
            "with the first there is no proxy",
        ),
        (
            {"network": {"subnetId": "/n/subnets/s", "containerInstanceSubnetId": "/m/subnets/c"}},
            "network.containerInstanceSubnetId is /m/subnets/c, not in the virtual network of network.subnetId (B8)",
        ),
        ({"identityId": "i", "steps": [{"file": {"file": "a", "destination": "/tmp/a"}}]}, "identityId is given, and there are file steps"),
    ],
)
def test_what_does_not_go_together_is_told(changes: dict[str, Any], problem: str | None) -> None:
    """Each problem names the argument, what was given, and what is expected."""
    found = recipe.find_problems(args(**changes))

    assert len(found) == (0 if problem is None else 1)
    assert problem is None or problem in found[0]


@pytest.mark.parametrize(
    ("base", "source"),
    [
        (BASE, {"type": "PlatformImage", "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "24.4.1"}),
        (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i",
            {"type": "ManagedImage", "imageId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i"},
        ),
        (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0",
            {
                "type": "SharedImageVersion",
                "imageVersionId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0",
            },
        ),
    ],
)
def test_each_kind_of_base_is_a_source_of_image_builder(base: str, source: dict[str, str]) -> None:
    """B2."""
    assert recipe.source(base) == source


def test_a_platform_image_with_a_plan_is_taken_with_it() -> None:
    """In Image Builder's names; of another image Azure knows the plan by itself."""
    plan = {"name": "stable", "product": "flatcar", "publisher": "kinvolk"}
    gallery = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0"

    assert recipe.source(BASE, plan)["planInfo"] == {"planName": "stable", "planProduct": "flatcar", "planPublisher": "kinvolk"}
    assert "planInfo" not in recipe.source(gallery, plan)
