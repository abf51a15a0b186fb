"""The nearest thing to PowerShell's own parser that runs everywhere."""

import pytest


def syntax_errors(text: str) -> list[tuple[int, str]]:
    """Line (from 1) and text of what tree-sitter's PowerShell grammar cannot read. Skips the test where the grammar is not installed."""
    tree_sitter = pytest.importorskip("tree_sitter", reason="tree-sitter is not installed (pip install tree-sitter tree-sitter-powershell)")
    grammar = pytest.importorskip("tree_sitter_powershell", reason="tree-sitter-powershell is not installed")
    found = []
    nodes = [tree_sitter.Parser(tree_sitter.Language(grammar.language())).parse(text.encode()).root_node]
    while nodes:
        node = nodes.pop()
        if node.is_error or node.is_missing:
            found.append((node.start_point[0] + 1, node.text.decode()))
        nodes += node.children
    return found
