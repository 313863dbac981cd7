// The trace of a turn: one bar a span, from the webhook on.

import { el, span } from "./dom.js";

export function waterfall(bars, start) {
  const end = Math.max(...bars.map((bar) => bar.end), start + 1);
  const share = (at) => `${(100 * Math.max(0, at - start)) / (end - start)}%`;
  return el("ol", { className: "waterfall" }, bars.map((bar) => {
    const took = Math.max(0, bar.end - bar.start);
    const name = bar.name.replace(`${bar.service} `, "");
    return el("li", { className: bar.failed ? "trouble" : "", data: { service: bar.service }, title: `${bar.service} ${name}: +${span(Math.round(bar.start - start))}, ${span(Math.round(took))}` },
      el("span", { className: "label" }, el("b", {}, bar.service), ` ${name}`),
      el("span", { className: "lane", "aria-hidden": "true" }, el("i", { vars: { "--from": share(bar.start), "--share": share(start + took) } })),
      el("small", {}, span(Math.round(took))));
  }));
}
