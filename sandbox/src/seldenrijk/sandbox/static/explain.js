// One step in words: what happened, who did it, and what a developer wants to see of it.

import { el, number } from "./dom.js";
import { composed, considered, draftNote, modelUse } from "./explain_reply.js";
import { named, pick, t } from "./i18n.js";

const chip = (text, className = "") => el("span", { className: `chip ${className}` }, text);
const chips = (...items) => el("div", { className: "chips" }, items.filter(Boolean));
const percent = (value) => `${number(value * 100)}%`;

const FIXED = {
  "message.received": ["bericht veilig opgeslagen", "message safely stored"],
  "message.overdue": ["een minuut oud: is er antwoord?", "a minute old: is there an answer?"],
  "reply.due": ["de klant is even stil: tijd voor antwoord", "the customer pauses: time to answer"],
  "reply.requested": ["antwoord gevraagd", "reply asked for"],
  "conversation.released": ["terug bij de assistent", "back with the assistant"],
  "customer.opted_out": ["klant wil geen berichten meer", "customer wants no more messages"],
  "customer.opted_in": ["klant wil weer berichten", "customer wants messages again"],
};

const EVENTS = {
  "message.received": ({ source }) => source === "repair"
    ? { text: pick(["gemist bericht teruggevonden in Twilio's lijst", "missed message found in Twilio's list"]) } : null,
  "message.routed": ({ understanding: u, held_by: held }) => ({
    text: pick(["bedoeling herkend", "intent recognised"]),
    body: el("div", {}, chips(chip(named(u.intent), "strong"), ...u.secondary.map((i) => chip(`${t("also")}: ${named(i)}`)),
      chip(u.language), chip(named(u.engine)), u.needs_human && chip(t("needsHuman"), "bad"), held === "human" && chip(t("open"), "bad")),
    meter(u.confidence)),
  }),
  "preferences.extracted": (data) => ({ text: pick(["wensen eruit gehaald", "preferences extracted"]), body: wishes(data) }),
  "reply.drafted": (data) => ({
    text: pick(["antwoord geschreven", "reply drafted"]),
    body: el("div", {}, considered(data), draftNote(data), modelUse(data)),
  }),
  "reply.composed": (data) => ({ text: pick(["antwoord klaar en gecontroleerd", "reply checked and ready"]), body: composed(data) }),
  "reply.sent": ({ part, parts }) => ({ text: pick(["door Twilio aangenomen", "accepted by Twilio"]) + (parts > 1 ? ` (${part}/${parts})` : "") }),
  "reply.delivery_due": ({ action }) => ({ text: pick(action === "send" ? ["opnieuw versturen", "send again"] : ["uitzoeken of het aankwam", "find out whether it arrived"]) }),
  "reply.failed": ({ reason_nl: why, code }) => ({ text: `${t("tick_failed")}: ${why}`, body: code ? chips(chip(String(code), "bad")) : null, className: "trouble" }),
  "reply.suppressed": ({ reason, author }) => ({
    text: named(reason), mark: t("suppressedMark"), className: "suppressed", body: chips(chip(author)),
  }),
  "reply.status": ({ status, error_code: code }) => ({ text: `status: ${status}`, body: code ? chips(chip(String(code), "bad")) : null, className: code ? "trouble" : "quietly" }),
  "handover.requested": ({ reason, priority, summary }) => ({
    text: pick(["naar een mens", "handed to a person"]), className: "person",
    body: el("div", {}, chips(chip(named(reason), "strong"), chip(priority)), summary ? el("p", { className: "note" }, summary) : null),
  }),
  "conversation.taken_over": ({ by }) => ({ text: pick(["een medewerker heeft het gesprek", "a colleague holds the conversation"]), body: chips(chip(by)), className: "person" }),
};

/** Text, service, look and body of a step; null for what says nothing. */
export function explain({ kind, data }) {
  if (kind === "bus.event") return busEvent(data);
  if (kind === "twilio.webhook") return webhook(data);
  if (kind === "twilio.typing") return { text: pick(["typt op de telefoon", "typing on the phone"]), who: "twilio", className: "quietly" };
  if (kind === "twilio.refused") return { text: `${data.code} ${data.text}`, who: "twilio", className: "trouble" };
  return null;
}

function webhook({ status, error, seconds, tries }) {
  const bad = !status || status >= 400;
  const text = status ? `webhook: ${status}` : error === "dropped"
    ? pick(["webhook viel weg", "webhook was dropped"]) : `webhook: ${error}`;
  return { text: `${text}, ${number(seconds * 1000)} ms${tries > 1 ? ` (${tries}×)` : ""}`, who: "gateway", className: bad ? "trouble" : "quietly" };
}

function busEvent({ type, source, data }) {
  const name = type.replace(/\.v\d+$/, "");
  const base = { who: source || name.split(".")[0], event: name, text: FIXED[name] ? pick(FIXED[name]) : name };
  try {
    return { ...base, ...(EVENTS[name]?.(data) ?? {}) };
  } catch {
    return base; // an event of a newer version: its name and its raw text still tell
  }
}

function meter(value) {
  return el("div", { className: "meter", role: "img", "aria-label": `${t("confidence")} ${percent(value)}` },
    el("span", { className: "track" }, el("i", { vars: { "--share": percent(value).replace(/[^\d.]/g, "") + "%" } })),
    el("small", {}, `${t("confidence")} ${percent(value)}`));
}

function wishes({ slots, preferences, cleared, new_search: fresh, lead, engine }) {
  const own = flat(slots);
  const all = flat(preferences);
  const mine = new Set(own.map(([name]) => name));
  const row = (label, entries, className) => entries.length ? el("div", { className: "slotrow" }, el("small", {}, label),
    chips(...entries.map(([name, value]) => slotChip(name, value, className)))) : null;
  return el("div", {}, row(t("thisMessage"), own, ""),
    row(t("together"), all.map(([name, value]) => [name, value]), "merged"),
    chips(fresh && chip(t("newSearch"), "strong"), ...cleared.map((name) => chip(`${t("clearedNow")}: ${name}`)),
      chip(`${t("leadScore")} ${lead?.score ?? 0} · ${lead?.quality ?? ""}`), chip(named(engine)), mine.size === 0 && all.length === 0 && chip("—")));
}

const slotChip = (name, value, className) =>
  el("span", { className: `chip slot ${className}`, data: { field: name.split(".").at(-1) } }, el("b", {}, name), ` ${value}`);

export function flat(slots, prefix = "") {
  return Object.entries(slots ?? {}).flatMap(([name, value]) => {
    if (value === null || (Array.isArray(value) && !value.length)) return [];
    if (typeof value === "object" && !Array.isArray(value)) return flat(value, `${prefix}${name}.`);
    return [[`${prefix}${name}`, Array.isArray(value) ? value.join(", ") : typeof value === "number" && value > 9999 ? number(value) : String(value)]];
  });
}

/** The customer's words, with those marked that gave a slot (and, more lightly, the intent). */
export function evidence(turn) {
  const found = turn.steps.find(({ data }) => data.type?.startsWith("preferences.extracted"));
  const { body, kind } = turn.message;
  if (!body) return el("span", { className: "said" }, `[${t(kind)}]`);
  const letters = [...body]; // spans count characters, not UTF-16 units
  const spans = (found?.data.data.evidence ?? []).filter(({ start, end }) => end > start);
  const slots = spans.filter(({ field }) => field !== "intent");
  const over = (at, among) => among.filter(({ start, end }) => start <= at && at < end);
  const key = (at) => over(at, slots).map(({ field }) => field).join() || (over(at, spans).length ? "intent" : "");
  const parts = [];
  for (let from = 0, to; from < letters.length; from = to) {
    for (to = from + 1; to < letters.length && key(to) === key(from);) to += 1;
    parts.push(marked(letters.slice(from, to).join(""), key(from), over(from, slots.length && key(from) !== "intent" ? slots : spans)));
  }
  return el("span", { className: "said" }, "“", ...parts, "”");
}

function marked(text, field, spans) {
  if (!field) return text;
  const why = spans.map((span) => `${span.field}: ${span.value}${span.why ? ` (${span.why})` : ""}`).join(", ");
  return el("mark", { className: field === "intent" ? "intent" : "slot", title: why, data: { field } }, text,
    field === "intent" ? null : el("small", {}, ` ${field.replaceAll(",", ", ")}`));
}
