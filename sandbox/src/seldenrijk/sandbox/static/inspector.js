// What the system does with a message: turns, each with its steps as they happen.

import { $, atEnd, el, soon, span } from "./dom.js";
import { evidence, explain } from "./explain.js";
import { t } from "./i18n.js";
import { Turns } from "./turns.js";
import { waterfall } from "./waterfall.js";

export class Inspector {
  constructor(phone) {
    this.phone = phone;
    this.turns = new Turns();
    this.dirty = new Set();
    this.nodes = new Map();
    this.folded = new Map();
    this.draw = soon(() => this.drawNow());
    $("everyone").addEventListener("change", () => this.draw());
  }

  add(entry) {
    const turn = this.turns.add(entry);
    if (!turn) return;
    this.dirty.add(turn);
    this.draw();
  }

  drawNow() {
    const all = $("everyone").checked;
    const shown = this.turns.list.filter((turn) => all || turn.customer === this.phone.current);
    $("noturns").hidden = shown.length > 0;
    for (const turn of this.dirty) this.nodes.delete(turn);
    this.dirty.clear();
    const focused = document.activeElement?.closest?.(".turn summary, .turns details summary")?.parentElement?.dataset.key;
    const nodes = shown.map((turn, index) => this.node(turn, index === shown.length - 1));
    atEnd($("turns"), () => $("turns").replaceChildren($("noturns"), ...nodes));
    if (focused) $("turns").querySelector(`[data-key="${CSS.escape(focused)}"] > summary`)?.focus({ preventScroll: true });
  }

  node(turn, newest) {
    const known = this.nodes.get(turn);
    if (known && known.newest === newest) return known.node;
    const node = this.make(turn, newest);
    this.nodes.set(turn, { node, newest });
    return node;
  }

  /** What the reader opened or closed stays so when a turn is drawn anew. */
  fold(key, open, summary, ...body) {
    const press = el("summary", {}, summary);
    const node = el("details", { open: this.folded.get(key) ?? open, data: { key } }, press, ...body);
    press.addEventListener("click", () => this.folded.set(key, !node.open)); // a key press is a click, too
    return node;
  }

  make(turn, newest) {
    const steps = turn.steps.map((step) => this.step(turn, step)).filter(Boolean);
    const reply = turn.steps.find(({ kind }) => kind === "twilio.send");
    const head = el("span", { className: "turnhead" },
      el("b", {}, this.phone.name(turn.customer)), evidence(turn),
      reply ? el("span", { className: "chip good" }, t("answeredIn", { time: span(reply.after) })) : null);
    const bars = this.turns.bars(turn);
    const end = Math.max(...bars.map((bar) => bar.end));
    const trace = bars.length ? this.fold(`${turn.message.sid}-trace`, newest,
      `${t("trace")} · ${t("traceFrom", { count: bars.length, time: span(end - turn.start) })}`, waterfall(bars, turn.start)) : null;
    const node = this.fold(turn.message.sid, newest, head, el("ol", { className: "steps" }, steps), trace);
    node.classList.add("turn");
    return node;
  }

  step(turn, step) {
    const told = explain(step, turn);
    if (!told) return null;
    const key = `${turn.message.sid}-${step.seq}`;
    const raw = step.kind === "bus.event"
      ? this.fold(key, false, el("span", { title: t("raw") }, "{ }", el("span", { className: "quiet" }, ` ${t("raw")}`)), el("pre", { tabIndex: 0 }, JSON.stringify(step.data, null, 2))) : null;
    raw?.classList.add("raw");
    return el("li", { className: `step ${told.className ?? ""}`, data: { service: told.who, event: told.event ?? step.kind } },
      el("time", { title: t("sinceWebhook") }, `+${span(Math.max(0, Math.round(step.after)))}`),
      el("div", {},
        el("p", {}, told.mark ? el("strong", { className: "mark" }, told.mark) : null, el("span", { className: "what" }, told.text),
          el("span", { className: "who" }, told.who)),
        told.body ?? null, raw));
  }
}
