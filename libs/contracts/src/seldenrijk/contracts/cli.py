"""Commands on the contracts: schemas, golden examples, documents, and the compatibility check."""

# The examples and documents are imported where they are made: an edit that spoils a golden example must
# not keep ``check`` from saying what it breaks.
# ruff: noqa: PLC0415

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from . import schemas
from .compatibility import Report, compare
from .differences import Impact

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Force = Annotated[
    bool, typer.Option("--force", help="Write even what breaks a reader (nothing of it is deployed yet).")
]
Folder = Annotated[
    Path, typer.Option("--schemas", help="The schemas to compare with: those of what is deployed.")
]
HEADINGS: tuple[tuple[Impact, str], ...] = (
    ("breaking", "BREAKING"),
    ("readers_first", "READERS FIRST"),
    ("compatible", "COMPATIBLE"),
)


@app.command("schemas")
def write_schemas(force: Force = False) -> None:
    """Write the JSON Schema of each event; refuses a change that breaks a deployed reader."""
    report = _report(schemas.SCHEMAS, must_exist=False)
    if not report.compatible and not force:
        _print(report)
        typer.echo(
            "Nothing written. Make a new version of the event, or use --force before a first deployment."
        )
        raise typer.Exit(1)
    _write(schemas.files(), schemas.SCHEMAS, "*.json")


@app.command("golden")
def write_golden() -> None:
    """Write one golden example for each event."""
    from . import golden

    _write(golden.files(), golden.GOLDEN, "*.json")


@app.command("docs")
def write_docs() -> None:
    """Write docs/events.md."""
    from . import docs

    _write(docs.files())


@app.command("asyncapi")
def write_asyncapi() -> None:
    """Write docs/asyncapi.yaml (AsyncAPI 3.0)."""
    from . import asyncapi

    _write(asyncapi.files())


@app.command("all")
def write_all(force: Force = False) -> None:
    """Write schemas, golden examples and both documents."""
    write_schemas(force)
    write_golden()
    write_docs()
    write_asyncapi()


@app.command()
def check(
    folder: Folder = schemas.SCHEMAS,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Compare the models with the committed schemas; exit code 1 if a deployed reader would break."""
    report = _report(folder)
    if as_json:
        typer.echo(schemas.pretty(report.to_dict()), nl=False)
    else:
        _print(report)
        typer.echo(_verdict(report))
    raise typer.Exit(0 if report.compatible else 1)


def _report(folder: Path, *, must_exist: bool = True) -> Report:
    if not must_exist and not any(folder.glob("*.json")):
        return Report(())
    try:
        committed = schemas.committed(folder)
    except ValueError as error:
        typer.echo(f"ERROR: {error}", err=True)
        raise typer.Exit(2) from None
    return compare(committed, schemas.schemas_of())


def _print(report: Report) -> None:
    for impact, heading in HEADINGS:
        for change in report.of(impact):
            typer.echo(f"{heading:<14}{change}")


def _verdict(report: Report) -> str:
    if not report.compatible:
        broken = sorted({reader for change in report.breaking for reader in change.readers})
        who = f"; breaks {', '.join(broken)}" if broken else ""
        return f"{len(report.breaking)} incompatible changes{who}. Make a new version of the event instead."
    if report.changes:
        return f"{len(report.changes)} compatible changes. Record them: python -m seldenrijk.contracts all"
    return "No change: the models accept what the committed schemas say."


def _write(files: dict[Path, str], folder: Path | None = None, pattern: str = "") -> None:
    """Write what differs, and remove files of events that no longer exist."""
    stale: Iterable[Path] = set(folder.glob(pattern)) - files.keys() if folder else ()
    for path in sorted(stale):
        path.unlink()
        typer.echo(f"removed {path.relative_to(schemas.REPOSITORY)}")
    for path, text in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            typer.echo(f"wrote {path.relative_to(schemas.REPOSITORY)}")
