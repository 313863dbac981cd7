"""Put our packages into an image's environment: ``deploy/image.py install gateway /opt/venv``.

A service and those of our libraries that it names are copied (they are pure Python and share one
namespace), with the metadata that ``importlib.metadata`` reads. Beside them come two commands:
``serve`` starts the service, ``healthy`` asks it over HTTP (no curl is needed). Standard library only.
"""

import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "seldenrijk-"

SERVE = """#!{python}
import runpy
import sys

sys.argv = ["{module}", *({arguments} or sys.argv[1:])]
runpy.run_module("{module}", run_name="__main__", alter_sys=True)
"""

HEALTHY = """#!{python} -IS
import http.client
import os
import sys

try:
    link = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8080")), timeout=2)
    link.request("GET", os.environ.get("HEALTH_PATH", "/health"))
    answer = link.getresponse()
except (OSError, http.client.HTTPException) as error:
    sys.exit(f"no answer: {{type(error).__name__}}")
sys.exit(0 if answer.status == 200 else f"HTTP {{answer.status}}: {{answer.read(300)!r}}")
"""


def folder(package: str) -> Path:
    """Where a package of ours lives, by its short name. Raises SystemExit for a name that isn't ours."""
    for place in (ROOT / "services" / package, ROOT / "libs" / package, ROOT / package):
        if package and (place / "pyproject.toml").is_file():
            return place
    sys.exit(f"no package of ours: {package!r}; give --build-arg SERVICE=gateway (or another service)")


def project(package: str) -> dict[str, object]:
    """The ``project`` table of a package's pyproject.toml."""
    table: dict[str, object] = tomllib.loads((folder(package) / "pyproject.toml").read_text())["project"]
    return table


def closure(package: str) -> set[str]:
    """A package and our own packages that it needs, by their short names."""
    found = {package}
    names = project(package)["dependencies"]
    assert isinstance(names, list)  # noqa: S101  (pyproject.toml says so)
    for name in names:
        if name.startswith(PREFIX):
            found |= closure(name.removeprefix(PREFIX))
    return found


def install(package: str, venv: Path) -> None:
    """Copy the packages and write the two commands."""
    site = next((venv / "lib").glob("python3.*")) / "site-packages"
    for name in sorted(closure(package)):
        ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(folder(name) / "src", site, dirs_exist_ok=True, ignore=ignore)
        version = project(name)["version"]
        metadata = site / f"{PREFIX}{name}-{version}.dist-info".replace("seldenrijk-", "seldenrijk_", 1)
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {PREFIX}{name}\nVersion: {version}\n"
        )
    share = venv / "share"
    share.mkdir(exist_ok=True)
    if package == "responder":
        shutil.copy(ROOT / "deploy" / "dealer.toml", share)
    values = {
        "python": venv / "bin" / "python",
        "module": f"seldenrijk.{package.replace('-', '_')}",
        "arguments": ["serve"] if package == "sandbox" else [],
    }
    for command, text in (("serve", SERVE), ("healthy", HEALTHY)):
        path = venv / "bin" / command
        path.write_text(text.format(**values))
        path.chmod(0o755)


def main() -> None:
    """``install SERVICE VENV``."""
    match sys.argv[1:]:
        case ["install", package, venv]:
            install(package, Path(venv))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
