"""`python -m tools.release_check vX.Y.Z`: prints what the changelog says of a version, or why the tag can't be released. Standard library only."""

import sys
import tomllib

from tools import changelog

ROOT = changelog.FILE.parent


def problems(tag: str) -> list[str]:
    """What is missing for a release of the tag."""
    version = tomllib.loads((ROOT / "components" / "pyproject.toml").read_text())["project"]["version"]
    found = []
    if tag != f"v{version}":
        found.append(f"The tag is {tag}, and components/pyproject.toml has version {version}. Next: tag v{version}, or raise the version.")
    recorded = ROOT / "tests" / "upgrade" / "recorded" / version / "schema.json"
    if not recorded.exists():
        found.append(
            f"Version {version} isn't recorded: later versions couldn't be tested against it. Next: python -m tools.record_release, commit, tag."
        )
    elif recorded.read_text() != (ROOT / "components" / "schema.json").read_text():
        found.append(f"The schema changed after version {version} was recorded. Next: raise the version in components/pyproject.toml.")
    if not changelog.section(changelog.read(), version):
        found.append(f"CHANGELOG.md has nothing under `## {version}`. Next: write it.")
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tools.release_check vX.Y.Z")
    if found := problems(sys.argv[1]):
        sys.exit("\n".join(found))
    print(changelog.section(changelog.read(), sys.argv[1].removeprefix("v")))
