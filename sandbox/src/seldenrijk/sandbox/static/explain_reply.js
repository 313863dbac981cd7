// A reply in detail: which cars were considered, the claims in the text with their facts, the model's cost.

import { el, number } from "./dom.js";
import { named, t } from "./i18n.js";

const STEP = /^(filter|exclude|relax) (.+?)(?: (\(.*\)|\S+))?: (\d+) (?:kept, (\d+) dropped|found)(?: \((.*)\))?$/;

/** Each step of the search as a bar: how many cars were kept, how many dropped, and why. */
export function considered({ considered: steps = [], offered = [] }) {
  if (!steps.length) return null;
  const read = steps.map((text) => ({ text, parts: STEP.exec(text) }));
  const most = Math.max(1, ...read.map(({ parts }) => parts ? Number(parts[4]) + Number(parts[5] ?? 0) : 0));
  return el("section", { className: "considered" }, el("h4", {}, t("considered")),
    el("ol", {}, read.map(({ text, parts }) => parts ? funnel(parts, most) : el("li", {}, text))),
    offered.length ? el("p", { className: "note" }, `${t("shown")}: ${offered.map(car => `${car.title} (${car.id})`).join(", ")}`) : null);
}

function funnel([, kind, field, wanted, kept, dropped, examples], most) {
  const value = (wanted ?? "").replace(/[()']/g, "").replace(/,$/, "");
  const share = (count) => `${(100 * Number(count)) / most}%`;
  const words = dropped === undefined ? `${kept} ${t("found")}` : `${kept} ${t("kept")}, ${dropped} ${t("dropped")}`;
  return el("li", { title: examples ?? "" }, el("span", { className: "why" }, `${kind === "filter" ? "" : `${kind} `}${field} ${value}`),
    el("span", { className: "bar", "aria-hidden": "true" }, el("i", { className: "kept", vars: { "--share": share(kept) } }), el("i", { className: "gone", vars: { "--share": share(dropped ?? 0) } })),
    el("small", {}, words), examples ? el("small", { className: "ids" }, examples) : null);
}

export function draftNote({ rejected = [], text, engine, handover }) {
  const notes = [
    el("span", { className: "chip" }, `${t("draft")}: ${named(engine)}`),
    ...rejected.map((why) => el("span", { className: "chip bad" }, `${t("rejectedDraft")}: ${why}`)),
    handover ? el("span", { className: "chip bad" }, named(handover)) : null,
  ];
  return el("div", {}, el("div", { className: "chips" }, notes.filter(Boolean)),
    text === null ? el("p", { className: "note" }, t("noreply")) : null);
}

export function modelUse({ model_use: calls = [] }) {
  if (!calls.length) return el("p", { className: "note model" }, t("noModel"));
  return el("ul", { className: "model" }, calls.map((call) => el("li", {}, el("b", {}, call.model), " · ",
    t("tokens", { input: number(call.input_tokens), output: number(call.output_tokens), cached: number(call.cached_tokens) }),
    ` · $ ${number(call.cost, 5)} · ${number(call.latency_ms)} ms`)));
}

/** The text as it goes out, each claim in it marked, and a table of claims with the facts that prove them. */
export function composed(data) {
  const { author, purpose, claims = [] } = data;
  const proven = claims.filter(({ fact }) => fact).length;
  const head = el("div", { className: "chips" }, el("span", { className: "chip" }, author), el("span", { className: "chip" }, purpose),
    claims.length ? el("span", { className: `chip ${proven === claims.length ? "good" : "bad"}` }, t("claimsProven", { proven, count: claims.length })) : null);
  const seen = claims.filter(({ text }) => text);
  const table = seen.length ? el("details", { className: "claims" }, el("summary", {}, `${t("claim")} → ${t("fact")}`),
    el("table", {}, el("tbody", {}, seen.map(({ kind, text, fact }) => el("tr", { className: fact ? "" : "trouble" },
      el("th", { scope: "row" }, kind), el("td", {}, text), el("td", {}, fact ?? t("unproven"))))))) : null;
  return el("div", {}, head, el("blockquote", { className: "draft" }, marked(data.text, seen)), table);
}

/** Claims are found in the order in which the checker lists them; one that occurs twice is marked twice. */
function marked(text, claims) {
  const taken = [];
  for (const claim of claims) {
    let at = text.indexOf(claim.text);
    while (at >= 0 && taken.some(({ from, to }) => at < to && at + claim.text.length > from)) at = text.indexOf(claim.text, at + 1);
    if (at >= 0) taken.push({ from: at, to: at + claim.text.length, claim });
  }
  taken.sort((a, b) => a.from - b.from);
  const parts = [];
  let last = 0;
  for (const { from, to, claim } of taken) {
    parts.push(text.slice(last, from), el("mark", {
      className: claim.fact ? "proven" : "unproven", title: `${claim.kind} → ${claim.fact ?? t("unproven")}`,
    }, text.slice(from, to)));
    last = to;
  }
  return [...parts, text.slice(last)];
}
