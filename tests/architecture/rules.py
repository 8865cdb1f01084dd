"""Rules that neither ruff nor import-linter knows: each gives one line for each breach in one file."""

import ast
import re
from collections.abc import Callable, Iterator

from tests.architecture.tree import ROOT, SourceFile

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
FORBIDDEN_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers"}

# Written with classes of one character, so that this file does not break its own rule.
MACHINE_PATH = re.compile(r"(?<![\w.])[/](?:work|root|home[/]\w+|tmp[/]plan|farm)[/]")
REGISTRY_HOST = re.compile(
    r"https?:[/]{2}\S+[/](?:simple|packages|maven2)[/]|pypi[.]org|pythonhosted[.]org|repo[.]maven|npmjs[.]"
)
SECRET = re.compile(r"BEGIN [A-Z ]*PRIVATE [K]EY|A[K]IA[0-9A-Z]{16}|gh[p]_\w{20}|[:][/]{2}[\w.]+[:][\w]+[@](?![{<$])")
EXCEPTION = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)(?P<codes>(?:\[[\w, -]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?)(?P<reason>.*)"
)
MIN_REASON = 8

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[SourceFile], Iterator[str]]


def functions_of(file: SourceFile) -> Iterator[Function]:
    """Give every function and method of a Python file."""
    if file.is_python:
        yield from (node for node in ast.walk(file.tree) if isinstance(node, Function))


def environment_is_read_in_settings_only(file: SourceFile) -> Iterator[str]:
    """Only infra/settings.py reads the environment; Typer's ``envvar`` would read it elsewhere."""
    if not (file.is_product and file.is_python) or str(file.path) == "infra/settings.py":
        return
    for node in ast.walk(file.tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.arg if isinstance(node, ast.keyword) else None
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            name = next((alias.name for alias in node.names if alias.name in {"environ", "getenv"}), None)
        if name in {"environ", "environb", "getenv", "envvar"}:
            yield f"{name} at line {getattr(node, 'lineno', '?')}"


def files_stay_short(file: SourceFile) -> Iterator[str]:
    """Keep one idea a file: at most 400 lines of Python."""
    lines = file.text.count("\n")
    if file.is_python and lines > MAX_FILE_LINES:
        yield f"{lines} lines"


def functions_stay_short(file: SourceFile) -> Iterator[str]:
    """Keep a function in one view: at most 40 lines below its docstring."""
    for function in functions_of(file):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        lines = 1 + function.end_lineno - body[0].lineno if body and function.end_lineno else 0
        if lines > MAX_FUNCTION_LINES:
            yield f"{function.name} at line {function.lineno} has {lines} lines"


def names_say_something(file: SourceFile) -> Iterator[str]:
    """No module, folder or class is named by a word that says nothing."""
    names = [part.removesuffix(".py") for part in file.path.parts] if file.is_python else []
    if file.is_python:
        names += [node.name for node in ast.walk(file.tree) if isinstance(node, ast.ClassDef)]
    for name in names:
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)}
        if words & FORBIDDEN_WORDS:
            yield name


def package_files_are_empty(file: SourceFile) -> Iterator[str]:
    """A name is imported from where it is written."""
    if file.path.name == "__init__.py" and file.text.strip():
        yield "not empty"


def exceptions_have_reasons(file: SourceFile) -> Iterator[str]:
    """Each exception from the linters says on its line why."""
    if not file.is_python or file.path.parts[:2] == ("tests", "architecture"):
        return
    for number, line in enumerate(file.text.splitlines(), start=1):
        found = EXCEPTION.search(line)
        if found and (not found["codes"] or len(found["reason"].strip(" #-()")) < MIN_REASON):
            yield f"line {number}: {line.strip()}"


def nothing_of_this_machine_is_told(file: SourceFile) -> Iterator[str]:
    """No machine path, registry host or secret stands in a tracked file."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        secret = SECRET.search(line) if file.path.parts[0] != "tests" else None
        if MACHINE_PATH.search(line) or REGISTRY_HOST.search(line) or secret:
            yield f"line {number}"


def tests_that_are_named_exist(file: SourceFile) -> Iterator[str]:
    """What a text promises to be held by a test is held by one."""
    if file.path.parts[:2] == ("tests", "architecture"):
        return
    for name in re.findall(r"\btests/[\w/]+\.py\b", file.text):
        if not (ROOT / name).is_file():
            yield name


def tests_assert_and_say_what(file: SourceFile) -> Iterator[str]:
    """Every test has a sentence and an assertion of its own."""
    if file.path.parts[0] != "tests":
        return
    for function in functions_of(file):
        if not function.name.startswith("test_"):
            continue
        if not ast.get_docstring(function):
            yield f"{function.name} has no docstring"
        if not any(_asserts(node) for node in ast.walk(function)):
            yield f"{function.name} asserts nothing"


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"raises", "fail"} or name.startswith("assert")
