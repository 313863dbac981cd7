"""Contracts depend on pydantic, orjson and the standard library; the command line alone on more."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from seldenrijk import contracts

SOURCE = Path(str(contracts.__file__)).parent
MODULES = sorted(SOURCE.glob("**/*.py"))
TOOLS = {"cli.py": {"typer"}, "asyncapi.py": {"yaml"}}
COMMAND_MODULES = {
    "__main__",
    "cli",
    "schemas",
    "compatibility",
    "differences",
    "shapes",
    "golden",
    "docs",
    "asyncapi",
}


def imports(tree: ast.AST) -> set[str]:
    """Top-level packages that are imported anywhere in a module, inside functions too."""
    absolute = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named = {
        str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0
    }
    return {name.split(".")[0] for name in absolute | named}


def relative(tree: ast.AST) -> set[str]:
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    assert all(node.level == 1 for node in froms), "a relative import leaves the package"
    return {str(node.module) for node in froms if node.module} | {
        alias.name for node in froms if node.module is None for alias in node.names
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_imports_nothing_but_what_is_declared(path: Path) -> None:
    foreign = imports(ast.parse(path.read_text(encoding="utf-8"))) - sys.stdlib_module_names
    assert foreign <= {"pydantic", "orjson"} | TOOLS.get(path.name, set())


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.stem not in COMMAND_MODULES], ids=lambda path: path.name
)
def test_what_the_services_use_does_not_lean_on_the_command_line(path: Path) -> None:
    assert not relative(ast.parse(path.read_text(encoding="utf-8"))) & COMMAND_MODULES


def test_importing_the_contracts_loads_no_tool() -> None:
    code = (
        "import sys, seldenrijk.contracts, seldenrijk.contracts.topology;"
        "print({'typer', 'yaml', 'click', 'rich', 'jsonschema'} & sys.modules.keys() or 'none')"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "none"


def test_declared_dependencies_are_pydantic_and_orjson_and_the_tools_an_extra() -> None:
    project = tomllib.loads((SOURCE.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {d.split(">")[0] for d in project["dependencies"]} == {"pydantic", "orjson"}
    assert {d.split(">")[0] for d in project["optional-dependencies"]["tools"]} == {"typer", "PyYAML"}


def test_no_file_makes_a_package_of_the_namespace() -> None:
    assert not (SOURCE.parent / "__init__.py").exists()
