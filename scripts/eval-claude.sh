#!/usr/bin/env bash
# The evaluation of `make eval` against the real API: the engine answers first, Claude is asked about
# messages whose confidence is under the threshold. Needs ANTHROPIC_API_KEY; what it costs is printed.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED_NLU:-../shared/nlu}
threshold=${THRESHOLD:-0.9}
if [ -z "${ANTHROPIC_API_KEY:-}" ]; then
	echo "ENGINE=claude needs ANTHROPIC_API_KEY (it costs real money; without it run plain \`make eval\`)" >&2
	exit 2
fi
work=.run/eval
figures='
import json, sys
from pathlib import Path
from seldenrijk.nlu.scoring import score
given, gold = ([json.loads(line) for line in Path(p).read_text().splitlines() if line] for p in sys.argv[1:])
report = score(gold, {row["id"]: row for row in given})
print(f"rows {report.rows}, intent {report.share(report.intent):.4f}, strict {report.share(report.strict):.4f}, "
      f"slot micro-F1 {report.micro.f1:.4f}, frame exact {report.share(report.frame):.4f}")
'
mkdir -p "$work"
for gold in "$shared/dev.jsonl" libs/nlu/eval/messages.jsonl; do
	[ -f "$gold" ] || continue
	name=$(basename "$gold" .jsonl)
	.venv/bin/python -m seldenrijk.nlu predict "$gold" "$work/$name.engine.jsonl"
	.venv/bin/python -m seldenrijk.claude predict "$gold" "$work/$name.claude.jsonl" \
		--engine "$work/$name.engine.jsonl" --threshold "$threshold"
	echo "== $gold, Claude below $threshold"
	.venv/bin/python -c "$figures" "$work/$name.claude.jsonl" "$gold"
done
