// What became of a planned fault: facts since then, and whether they are what to expect.

import { t, pick } from "./i18n.js";

const WATCHED_MS = 8 * 60 * 1000;
const STARTS = ["fault.planned", "customer.changed", "clock.moved", "system.killed"];

export class Outcomes {
  constructor() {
    this.of = new Map();
  }

  /** Takes an entry of the journal; true where an outcome changed. */
  add(entry) {
    const { kind, data } = entry;
    const at = Date.parse(entry.at);
    if (STARTS.includes(kind) && data.label) this.start(entry, at);
    let changed = STARTS.includes(kind);
    for (const outcome of this.of.values()) {
      if (entry.seq >= outcome.seq && at - outcome.at < WATCHED_MS && note(outcome, kind, data)) changed = true;
    }
    return changed;
  }

  start({ kind, seq, data }, at) {
    const known = this.of.get(data.label);
    if (known && at - known.at < 1000) return; // several faults planned with one press
    const customer = data.customer ?? (data.match ? `whatsapp:${data.match}` : null);
    this.of.set(data.label, {
      label: data.label, seq, at, customer, hits: kind === "fault.planned" ? 0 : 1, inbound: new Set(), stored: new Map(),
      covered: new Set(), sends: [], replies: 0, failures: [], handovers: [], silent: [], codes: [], repaired: 0, again: 0,
      engines: new Set(), rejected: [], mirrored: 0, back: kind !== "system.killed", process: data.process,
    });
  }
}

function note(o, kind, data) {
  if (kind === "fault.hit" && data.label === o.label) { o.hits += 1; return true; }
  if (kind === "system.back" && data.process === o.process) { o.back = true; return true; }
  if (kind === "chatwoot.message") { o.mirrored += 1; return true; }
  if (o.customer && data.customer && data.customer !== o.customer) return false;
  if (kind === "twilio.inbound") { o.customer ??= data.customer; o.inbound.add(data.sid); return true; }
  if (kind === "twilio.send") { o.sends.push(data.body); return true; }
  if (kind === "twilio.status" && data.code) { o.codes.push(data.code); return true; }
  return kind === "bus.event" && event(o, data.type.replace(/\.v\d+$/, ""), data);
}

function event(o, name, { id, data }) {
  if (name === "message.received") {
    o.stored.set(id, data.message.message_id);
    if (data.source === "repair") o.repaired += 1;
  } else if (name === "reply.sent") o.replies += data.part === 1 ? 1 : 0;
  else if (name === "reply.failed") o.failures.push(data.reason_nl);
  else if (name === "reply.suppressed") o.silent.push(data.reason);
  else if (name === "handover.requested") o.handovers.push(data.reason);
  else if (name === "reply.delivery_due") o.again += 1;
  else if (name === "reply.drafted") { o.engines.add(data.engine); o.rejected.push(...data.rejected); } else return false;
  if (["reply.sent", "reply.failed", "reply.suppressed", "handover.requested"].includes(name)) {
    for (const answered of data.answers ?? []) o.covered.add(answered);
  }
  return true;
}

/** Words that tell what happened so far. */
export function facts(o) {
  const count = (number, one, many) => number ? `${number} ${pick(number === 1 ? one : many)}` : null;
  return [
    count(o.hits, ["keer geraakt", "hit"], ["keer geraakt", "hits"]),
    count(o.inbound.size, ["bericht", "message"], ["berichten", "messages"]),
    count(o.stored.size, ["opgeslagen", "stored"], ["opgeslagen", "stored"]),
    count(o.repaired, ["teruggevonden", "recovered"], ["teruggevonden", "recovered"]),
    count(o.again, ["keer opnieuw gekeken", "second look"], ["keer opnieuw gekeken", "second looks"]),
    count(o.sends.length, ["keer bij Twilio", "accepted by Twilio"], ["keer bij Twilio", "accepted by Twilio"]),
    o.codes.length ? `${pick(["code", "code"])} ${[...new Set(o.codes)].join(", ")}` : null,
    o.failures.length ? `${t("tick_failed")}: ${o.failures.at(-1)}` : null,
    o.handovers.length ? `${pick(["naar een mens", "to a person"])}: ${o.handovers.at(-1)}` : null,
    o.silent.length ? `${pick(["bewust stil", "silent on purpose"])}: ${o.silent.at(-1)}` : null,
    o.engines.size ? `${pick(["geschreven door", "written by"])} ${[...o.engines].join(", ")}` : null,
    o.rejected.length ? `${pick(["afgekeurd", "rejected"])}: ${[...new Set(o.rejected)].join(", ")}` : null,
    o.process ? `${o.process} ${pick(o.back ? ["is terug", "is back"] : ["is weg", "is gone"])}` : null,
  ].filter(Boolean).join(" · ");
}

const EXTRA = {
  "63016": (o) => o.codes.includes(63016) && o.failures.length + o.handovers.length > 0,
  "blocked": (o) => o.codes.includes(63014) && o.failures.length + o.handovers.length > 0,
  "day": (o) => o.codes.includes(63016) && o.failures.length > 0,
  "lost": (o) => o.replies === 1,
  "429": (o) => o.replies === 1,
  "drop": (o) => o.repaired === 1,
  "duplicate": (o) => o.stored.size === o.inbound.size,
  "kill": (o) => o.back,
  "chatwoot": (o) => o.mirrored >= 2,
};

/** "waiting", "busy", "ok" or "bad": every message answered or explained, and no text sent twice. */
export function verdict(o) {
  if (new Set(o.sends).size !== o.sends.length) return "bad";
  if (o.label === "day") return o.inbound.size || o.sends.length ? (EXTRA.day(o) ? "ok" : "busy") : "waiting";
  if (!o.hits || !o.inbound.size) return "waiting";
  const accounted = new Set([...o.stored].filter(([id]) => o.covered.has(id)).map(([, sid]) => sid));
  if (![...o.inbound].every((sid) => accounted.has(sid))) return "busy";
  return (EXTRA[o.label] ?? (() => true))(o) ? "ok" : "busy";
}
