"""What the Go modules of tools/engine promise."""

from importlib.metadata import version

from tools import go_build


def test_engine_and_sdk_are_the_same_version() -> None:
    """The engine that is built is the one whose Python SDK is pinned."""
    assert go_build.cli_version() == version("pulumi")


def test_every_program_learns_its_version() -> None:
    """Each build sets the version of each of its modules."""
    assert {build.folder.name: build.link_flags() for build in go_build.BUILDS} == {
        "engine": "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.258.0"
        " -X github.com/pulumi/pulumi-yaml/pkg/version.Version=v1.38.0",
        "python_host": "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.79.0",
    }
