"""What the plugin imports while it answers."""

import ast
from collections.abc import Iterator

import pytest

from offline import workspace

_FOLDER = workspace.CHECKOUT / "offline" / "plugin"
_IN_FUNCTIONS = ("schema.py", "functions.py", "service.py", "client.py", "tokens.py")


def _late_imports(node: ast.AST, in_function: bool = False, locked: bool = False) -> Iterator[tuple[int, bool]]:
    """Line of each import in a function, and whether the lock is held there."""
    for child in ast.iter_child_nodes(node):
        inside = in_function or isinstance(child, ast.FunctionDef)
        held = locked or (isinstance(child, ast.With) and any(ast.unparse(item.context_expr) == "ONE_IMPORT" for item in child.items))
        if inside and (
            isinstance(child, ast.Import | ast.ImportFrom) or (isinstance(child, ast.Call) and "import_module" in ast.unparse(child.func))
        ):
            yield child.lineno, held
        yield from _late_imports(child, inside, held)


@pytest.mark.parametrize("file", sorted(each.name for each in _FOLDER.glob("*.py")))
def test_one_thread_at_a_time_imports(file: str) -> None:
    """Every import in a function holds the lock: else a thread may get a module that another one is still filling."""
    found = list(_late_imports(ast.parse((_FOLDER / file).read_text())))

    assert [line for line, held in found if not held] == []
    assert bool(found) == (file in _IN_FUNCTIONS)
