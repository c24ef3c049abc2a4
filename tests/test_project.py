"""The project's own promises: what a wheel installs, how long functions get, what an import costs, where links lead."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import re
import statistics
import subprocess
import sys
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.lowest import declared, extras
from tests.wheel import ROOT, build_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LIBRARY = sorted([*ROOT.glob("tracegraph/**/*.py"), *ROOT.glob("api/**/*.py"), *ROOT.glob("cypher/**/*.py")])
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
HEAVY = {"fastapi", "starlette", "networkx", "pandas", "numba", "numpy", "scipy", "pyarrow", "neo4j"}
#: Packages that are imported whole, where they are needed: the extras whose distributions they may name at the top.
EXTRAS_OF = {ROOT / "tracegraph" / "stores" / "neo4j": "neo4j", ROOT / "api": "serve"}
#: Distributions that replace parts of another one, under its name.
REPLACING = {"neo4j-rust-ext": "neo4j"}
VAGUE = {"util", "utils", "helper", "helpers", "manager", "misc"}
ABBREVIATIONS = {
    "cfg",
    "cnt",
    "conn",
    "ctx",
    "evt",
    "idx",
    "lst",
    "msg",
    "num",
    "obj",
    "qty",
    "res",
    "ret",
    "tmp",
    "val",
}
UNRUNNABLE = (
    "make",
    "python -m tests.simulator",
    "python -m tests.torture",
    "python -m benchmarks",
    "git",
    "python -m pip",
    "pip",
    "cd",
    "docker",
    "export NEO4J_",
    "TRACEGRAPH_REFERENCE=",
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("project") / "wheel")


@pytest.mark.xdist_group("wheel")
def test_wheel_installs_tracegraph_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tracegraph"}


@pytest.mark.xdist_group("wheel")
def test_wheel_holds_every_module_and_all_data(wheel: Path) -> None:
    """A folder without __init__.py, or a kind of file that setup.py does not name, would be missing."""
    with zipfile.ZipFile(wheel) as archive:
        installed = set(archive.namelist())
    sources = [path for folder in ("tracegraph", "api", "cypher") for path in (ROOT / folder).rglob("*")]
    wanted = {installed_name(path) for path in sources if path.is_file() and not is_cache(path)}
    assert wanted - installed == set()


def is_cache(path: Path) -> bool:
    return any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(ROOT).parts)


def installed_name(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if name.startswith("tracegraph/") else f"tracegraph/{name}"


def test_mapped_folders_can_be_imported() -> None:
    assert importlib.import_module("tracegraph.api").__doc__
    assert importlib.import_module("tracegraph.cypher").__doc__


def test_version_is_the_one_that_is_installed() -> None:
    import tracegraph

    assert tracegraph.__version__ == importlib.metadata.version("tracegraph")


def test_unknown_name_says_what_there_is() -> None:
    import tracegraph

    with pytest.raises(AttributeError, match="'Trace'; it offers Tracegraph"):
        tracegraph.Trace  # noqa: B018


def test_functions_are_short() -> None:
    lengths = {f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length(node) for path, node in functions()}
    assert {name: lines for name, lines in lengths.items() if lines > 70} == {}
    assert statistics.median(lengths.values()) <= 12


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in LIBRARY:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_modules_are_short() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in LIBRARY
    }
    assert {name: lines for name, lines in lengths.items() if lines > 500} == {}


def test_names_say_what_is_meant() -> None:
    found = {f"{path.relative_to(ROOT)}: {name}" for path in LIBRARY for name in names(path) if is_poor(name)}
    assert found == set()


def names(path: Path) -> Iterator[str]:
    """Every name that a module gives: its own, of classes, functions, arguments and variables."""
    yield path.stem
    for node in ast.walk(parsed(path)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name


def is_poor(name: str) -> bool:
    words = re.findall(r"[A-Z]?[a-z]+", name)
    return any(word.lower() in VAGUE | ABBREVIATIONS for word in words)


@pytest.mark.parametrize(
    ("name", "poor"), [("LockManager", True), ("event_idx", True), ("message", False), ("value", False)]
)
def test_poor_names_are_recognised(name: str, poor: bool) -> None:
    assert is_poor(name) is poor


def test_command_line_starts_without_heavy_libraries() -> None:
    if not (ROOT / "tracegraph" / "cli.py").exists():
        pytest.skip("tracegraph/cli.py does not exist; write the command line")
    program = "import sys, tracegraph.cli; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()


def test_every_import_is_declared() -> None:
    at_once, somewhere = declared_dependencies()
    for path in LIBRARY:
        allowed = at_once.union(*(extra(name) for folder, name in EXTRAS_OF.items() if folder in path.parents))
        assert third_party(path, top_level_only=True) <= allowed, f"{path}: optional, import it where it is used"
        assert third_party(path, top_level_only=False) <= at_once | somewhere, f"{path}: declare it in pyproject.toml"


def test_every_dependency_is_imported() -> None:
    at_once, somewhere = declared_dependencies()
    used = {name for path in LIBRARY for name in third_party(path, top_level_only=False)}
    assert at_once - used == set(), "declared in pyproject.toml but imported nowhere"
    used |= {name for name, replaced in REPLACING.items() if replaced in used}
    assert somewhere - used == set(), "declared as an extra in pyproject.toml but imported nowhere"


def declared_dependencies() -> tuple[set[str], set[str]]:
    """Distributions that are always installed, and those of the extras that users ask for."""
    project, optional = declared()
    return {distribution(line) for line in project}, {distribution(line) for line in optional}


def extra(name: str) -> set[str]:
    """The distributions of one extra."""
    return {distribution(line) for line in extras()[name]}


def distribution(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


def third_party(path: Path, *, top_level_only: bool) -> set[str]:
    """Distributions that a module imports: `top_level_only` leaves out what is inside functions and TYPE_CHECKING."""
    tree = parsed(path)
    nodes = tree.body if top_level_only else ast.walk(tree)
    modules = {module.split(".")[0] for node in nodes for module in imported_modules(node)}
    known = installed()
    outside = modules - sys.stdlib_module_names - {"tracegraph"}
    return {known.get(module, [module])[0].lower().replace("_", "-") for module in outside}


@cache
def installed() -> Mapping[str, list[str]]:
    """The distributions of each module; finding them out takes a while, and they are asked for of every file."""
    return importlib.metadata.packages_distributions()


def imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def test_the_simulator_knows_nothing_of_tracegraph() -> None:
    simulator = [*ROOT.glob("tests/simulator/**/*.py"), *ROOT.glob("tests/simulator.py")]
    if not simulator:
        pytest.skip("tests/simulator does not exist; write the simulator")
    for path in simulator:
        modules = {module for node in ast.walk(parsed(path)) for module in imported_modules(node)}
        assert not [module for module in modules if module.split(".")[0] == "tracegraph"], path


def test_readme_shows_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\n$ make demo\n" in text
    assert "\n$ make test\n" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    inside = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in ROOT.glob("docs/*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_only_what_cannot_run_inside_the_tests_is_marked_so(page: Path) -> None:
    blocks = re.findall(r"^```console no-test\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    commands = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    assert [command for command in commands if not command.startswith(UNRUNNABLE)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_are_in_blocks_that_run(page: Path) -> None:
    """A shell prompt in a block of another language would look tested and would not be."""
    blocks = re.findall(r"^```([^\n]+)\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert [text for language, text in blocks if not language.startswith("console") and text.startswith("$ ")] == []
