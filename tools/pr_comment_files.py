"""`python -m tools.pr_comment_files FOLDER ABOUT`: the comment from the files `<stack>.json` that the jobs of a pull request left in a folder."""

import sys
from pathlib import Path

from tools.pr_comment import comment, read


def main(folder: Path, about: str) -> str:
    """The comment of all files."""
    return comment([read(file.stem, file.read_text()) for file in sorted(folder.rglob("*.json"))], about)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: python -m tools.pr_comment_files FOLDER ABOUT")
    print(main(Path(sys.argv[1]), sys.argv[2]), end="")
