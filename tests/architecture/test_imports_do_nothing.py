"""Importing a module does no I/O."""

import subprocess
import sys

from tests.architecture.tree import PRODUCT, ROOT, tracked_files

# Runs in a process of its own: an audit hook can never be removed.
PROGRAM = """
import importlib, sys
root, planted, *modules = sys.argv[1:]
seen = []
def watch(event, arguments):
    if event == "open":
        path = str(arguments[0])
        wanted = path.startswith(root) and "/.venv/" not in path and not path.endswith((".py", ".pyc"))
    else:
        wanted = event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system",
                           "os.posix_spawn", "os.fork", "os.mkdir", "os.remove", "_thread.start_new_thread"}
        wanted = wanted and any(str(f).startswith(root) and "/.venv/" not in str(f) for f in frames())
    if wanted:
        seen.append((event, [str(a) for a in arguments]))
def frames():
    frame = sys._getframe(2)
    while frame:
        yield frame.f_code.co_filename
        frame = frame.f_back
sys.path.insert(0, root)
for module in ("pydantic", "psycopg", "kafka", "typer", "rich", "structlog", "eventsourcing"):
    importlib.import_module(module)
sys.addaudithook(watch)
for module in modules:
    importlib.import_module(module)
if planted:
    exec(compile(planted, root + "/planted.py", "exec"))
for event, arguments in seen:
    print(event, *arguments)
"""


def io_while_importing(modules: list[str], planted: str = "") -> str:
    """Import modules under an audit hook; give one line for each thing that reached outside."""
    command = [sys.executable, "-B", "-c", PROGRAM, str(ROOT), planted, *modules]
    result = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_no_import_does_io() -> None:
    """Every module of the product can be imported without a file, a socket, a process or a thread."""
    files = [file.path for file in tracked_files() if file.is_python and file.path.parts[0] in PRODUCT]
    modules = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in files]
    assert len(modules) > len(PRODUCT)
    assert io_while_importing(modules) == ""


def test_io_while_importing_is_seen() -> None:
    """The watch sees a file that is read and a process that is started, so its silence means something."""
    seen = io_while_importing([], "open('pyproject.toml')\nimport subprocess\nsubprocess.run(['true'])")
    assert "subprocess.Popen" in seen
    assert "pyproject.toml" in io_while_importing([], f"open({str(ROOT / 'pyproject.toml')!r})")
