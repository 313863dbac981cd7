"""Shows which words of a message gave what, and why: in colour on a terminal, plain elsewhere."""

from rich.console import Console
from rich.table import Table
from rich.text import Text as Coloured

from seldenrijk.nlu.intent import Decision
from seldenrijk.nlu.types import Evidence, Understanding

_COLOURS = {"intent": "bold magenta", "make": "bold cyan", "model": "bold cyan", "own_car": "yellow",
            "appointment": "green", "exclude": "red"}  # fmt: skip
_OTHER = "bold blue"


def show(console: Console, text: str, found: Understanding, decision: Decision) -> None:
    """Print the message with its words marked, what was understood, and the reasons."""
    console.print(_marked(text, found.evidence), soft_wrap=True)
    console.print()
    further = f"   further: {', '.join(found.secondary)}" if found.secondary else ""
    console.print(Coloured.assemble(("intent  ", "dim"), (found.intent, "bold magenta"), further))
    console.print(Coloured.assemble(("sure    ", "dim"), f"{found.confidence:.2f} (raw {decision.raw:.2f})"))
    person = f"a person: {found.human_reason}" if found.needs_human else "no person needed"
    tone = {True: "u", False: "je", None: "unknown"}[found.formal]
    console.print(
        Coloured.assemble(
            ("also    ", "dim"),
            f"language {found.language}, tone {tone}, urgency {found.urgency or 'none'}, "
            f"priority {found.priority}, {person}",
        )
    )
    if found.leftovers or found.cleared or found.new_search:
        console.print(
            Coloured.assemble(
                ("left    ", "dim"),
                f"leftovers {list(found.leftovers)}, cleared {list(found.cleared)}, "
                f"new search {found.new_search}",
            )
        )
    _print_slots(console, found)
    _print_reasons(console, text, found.evidence, decision)


def _colour(field: str) -> str:
    return _COLOURS.get(field.partition(".")[0], _OTHER)


def _marked(text: str, evidence: tuple[Evidence, ...]) -> Coloured:
    marked = Coloured(text)
    for piece in sorted(evidence, key=lambda e: e.field != "intent"):
        marked.stylize(_colour(piece.field), piece.start, piece.end)
    return marked


def _print_slots(console: Console, found: Understanding) -> None:
    for name, value in found.slots.items():
        console.print(
            Coloured.assemble(("slot    ", "dim"), (f"{name}", _colour(name)), f" = {value}"), soft_wrap=True
        )


def _print_reasons(console: Console, text: str, evidence: tuple[Evidence, ...], decision: Decision) -> None:
    table = Table("words", "gave", "because", box=None, pad_edge=False, header_style="dim")
    for piece in evidence:
        words = Coloured(text[piece.start : piece.end], style=_colour(piece.field))
        table.add_row(words, Coloured(f"{piece.field} = {piece.value}"), Coloured(piece.why))
    for reason in decision.why:
        table.add_row("", "rule", Coloured(reason))
    console.print()
    console.print(table)
    best = sorted(decision.scores.items(), key=lambda pair: -pair[1])[:4]
    console.print(
        Coloured("likely  " + ", ".join(f"{name} {value:.2f}" for name, value in best), style="dim")
    )
