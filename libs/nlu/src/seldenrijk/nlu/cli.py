"""The command line of the library: predict a file, explain a message, measure, train."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from seldenrijk.nlu.engine import understand_with_reasons
from seldenrijk.nlu.evaluation import predictions, read_rows
from seldenrijk.nlu.explain import show

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def predict(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="Rows of id, text and context.")],
    target: Annotated[
        Path, typer.Argument(metavar="OUT.jsonl", help="Gets rows of id, intent, slots, confidence.")
    ],
) -> None:
    """Answer every row of a file; a bad row is told with its line number and passed over (exit code 1)."""
    rows, errors = _read(source)
    try:
        with target.open("w", encoding="utf-8") as out:
            for answer in predictions(rows):
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except OSError as error:
        _fail(f"cannot write {target}: {error.strerror}")
    for sentence in errors:
        typer.echo(f"{source}: {sentence}", err=True)
    typer.echo(f"{len(rows)} rows answered, {len(errors)} bad", err=True)
    if errors:
        raise typer.Exit(1)


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="The message.")],
    context: Annotated[
        str | None, typer.Option(help='Earlier turns as JSON, oldest first: [{"role":"bot","text":"..."}]')
    ] = None,
) -> None:
    """Show which words of a message gave what, and why; in colour on a terminal."""
    try:
        turns: list[dict[str, Any]] | None = json.loads(context) if context else None
    except ValueError as error:
        _fail(f"--context is no JSON: {error}")
    if turns is not None and not (isinstance(turns, list) and all(isinstance(turn, dict) for turn in turns)):
        _fail("--context must be a list of turns")
    found, decision = understand_with_reasons(text, turns)
    show(Console(), text, found, decision)


@app.command("eval")
def evaluate(
    shared: Annotated[
        Path, typer.Option(help="Folder of dev.jsonl and score.py; left out when it does not exist.")
    ] = Path("../shared/nlu"),
    root: Annotated[Path | None, typer.Option(help="libs/nlu of a checkout.")] = None,
    cross: Annotated[bool, typer.Option(help="Cross-validate the learned part too (a minute).")] = False,
    errors: Annotated[
        int, typer.Option(help="Show so many wrong rows of each set, the held-out part excepted.")
    ] = 0,
) -> None:
    """Measure the engine on dev.jsonl and on the project's own labelled messages."""
    from seldenrijk.nlu.reporting import report_all  # noqa: PLC0415  # scipy and scikit-learn only with --cross

    try:
        report_all(Console(), shared, root, cross=cross, errors=errors)
    except FileNotFoundError as error:
        _fail(f"no such file: {error.filename}; run this in a checkout or give --root")


@app.command()
def train(root: Annotated[Path | None, typer.Option(help="libs/nlu of a checkout.")] = None) -> None:
    """Fit the learned part and its confidence anew from the committed data (needs scikit-learn)."""
    from seldenrijk.nlu.train import write_model  # noqa: PLC0415  # scikit-learn is a development dependency

    try:
        for line in write_model(root):
            typer.echo(line)
    except FileNotFoundError as error:
        _fail(f"no such file: {error.filename}; run this in a checkout or give --root")
    except ImportError as error:
        _fail(f"training needs scikit-learn: {error}")


def _read(source: Path) -> tuple[list[dict[str, Any]], list[str]]:
    try:
        return read_rows(source)
    except OSError as error:
        _fail(f"cannot read {source}: {error.strerror}")


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
