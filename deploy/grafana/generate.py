"""Write the dashboards as JSON, with Grafana's own SDK: ``generate.py``; ``generate.py check`` compares.

What they show stands in panels.py. Grafana reads the JSON from dashboards/ (see provisioning/).
"""

import json
import sys
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
)
from panels import DASHBOARDS, Dashboard, Panel

HERE = Path(__file__).parent
SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
HEIGHT = {"stat": 4, "timeseries": 8}


def targets(builder: Any, panel: Panel) -> Any:
    """Add a panel's queries."""
    for number, (expression, legend) in enumerate(panel.queries):
        query = prometheus.Dataquery().expr(expression).legend_format(legend).ref_id(chr(ord("A") + number))
        builder = builder.with_target(query.instant() if panel.kind == "stat" else query.range())
    return builder


def thresholds(panel: Panel) -> dashboard.ThresholdsConfig:
    """Green; red from the value where it is time to look."""
    steps = [Threshold(value=None, color="green")]
    if panel.warn is not None:
        steps.append(Threshold(value=panel.warn, color="red"))
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def built(panel: Panel) -> Any:
    """A panel's builder."""
    builder: Any = stat.Panel() if panel.kind == "stat" else timeseries.Panel()
    builder = builder.title(panel.title).datasource(SOURCE).unit(panel.unit).thresholds(thresholds(panel))
    builder = builder.span(panel.width).height(HEIGHT[panel.kind])
    if panel.about:
        builder = builder.description(panel.about)
    if panel.kind == "timeseries":
        legend = common.VizLegendOptions().show_legend(True)
        legend = legend.display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
        builder = builder.min(0).fill_opacity(10).legend(legend)
    return targets(builder, panel)


def rendered(board: Dashboard) -> str:
    """A dashboard as JSON."""
    builder = dashboard.Dashboard(board.title).uid(board.uid).description(board.about).tags(["seldenrijk"])
    builder = builder.refresh("30s").time("now-6h", "now").timezone("browser").readonly()
    builder = builder.tooltip(DashboardCursorSync.CROSSHAIR)
    for title, panels in board.rows:
        builder = builder.with_row(dashboard.Row(title))
        for panel in panels:
            builder = builder.with_panel(built(panel))
    return json.dumps(json.loads(JSONEncoder(sort_keys=True).encode(builder.build())), indent=1) + "\n"


def main() -> None:
    """Write all, or with ``check`` tell which are stale."""
    stale = []
    for board in DASHBOARDS:
        path, text = HERE / "dashboards" / f"{board.uid.removeprefix('seldenrijk-')}.json", rendered(board)
        if sys.argv[1:] != ["check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(path.name)
    sys.exit(f"stale: {', '.join(stale)}; run deploy/grafana/generate.py" if stale else 0)


if __name__ == "__main__":
    main()
