"""The shape of the code: import contracts, sizes, names that say something."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE_FOLDERS = ("app", "indexer", "schemas", "seed")
MAX_FILE_LINES = 400
MAX_TEST_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
NAMES_THAT_SAY_NOTHING = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}


def python_files(*folders: str) -> list[Path]:
    """Lists the modules of folders; migrations are records of the past, not code to read."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "." * node.level


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{relative(path)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_import_contracts_are_kept() -> None:
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "3 kept, 0 broken" in checked.stdout


def test_the_domain_imports_only_the_standard_library() -> None:
    foreign = [
        f"{relative(path)} imports {module}"
        for path in python_files("app/domain")
        for module in imported_modules(parsed(path))
        if module.partition(".")[0] not in sys.stdlib_module_names
        and module != "app.domain"
        and not module.startswith("app.domain.")
    ]

    assert foreign == []


def test_importing_the_domain_costs_nothing_else() -> None:
    script = "import sys, app.domain; print(*sorted(m for m in sys.modules if '.' not in m))"

    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"flask", "sqlalchemy", "numpy", "marshmallow", "indexer"} & set(loaded)


def test_package_files_hold_a_docstring_at_most() -> None:
    with_code = [
        relative(path)
        for path in python_files(*SOURCE_FOLDERS)
        if path.name == "__init__.py"
        and any(not isinstance(node, ast.Expr) for node in parsed(path).body)
    ]

    assert with_code == []


def test_no_file_is_too_long() -> None:
    limits = [(path, MAX_FILE_LINES) for path in python_files(*SOURCE_FOLDERS, "bench")]
    limits += [(path, MAX_TEST_FILE_LINES) for path in python_files("tests")]

    too_long = [
        f"{relative(path)}: {lines} lines"
        for path, limit in limits
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    ]

    assert too_long == []


def test_no_function_is_too_long() -> None:
    too_long = [
        f"{name}: {lines} lines"
        for path in python_files(*SOURCE_FOLDERS, "tests", "bench")
        for name, lines in functions(path)
        if lines > MAX_FUNCTION_LINES
    ]

    assert too_long == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [
        relative(path)
        for path in python_files(*SOURCE_FOLDERS, "tests", "bench")
        if path.name in NAMES_THAT_SAY_NOTHING
    ]

    assert vague == []


def test_no_root_module_hides_a_package() -> None:
    assert [name for name in SOURCE_FOLDERS if (ROOT / f"{name}.py").exists()] == []


def test_imports_are_absolute() -> None:
    relative_imports = [
        f"{relative(path)}:{node.lineno}"
        for path in python_files(*SOURCE_FOLDERS, "tests", "bench")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert relative_imports == []
