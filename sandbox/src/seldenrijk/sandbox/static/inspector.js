// What the system does with a message: the events on the bus, Twilio's answers, faults.

import { $, api, atEnd, el } from "./dom.js";

const KEEP = 400;
const FAULTS = [
  ["Dubbel bezorgd", "faults", { vendor: "twilio", operation: "webhook", kind: "duplicate", count: 3, times: 1 }],
  ["Webhook valt weg", "faults", { vendor: "twilio", operation: "webhook", kind: "drop", times: 1 }],
  ["Ingehaald door het volgende", "faults",
    { vendor: "twilio", operation: "webhook", kind: "reorder", seconds: 3, times: 1 }],
  ["Twilio 429", "faults", { vendor: "twilio", operation: "messages.create", kind: "status", status: 429, times: 1 }],
  ["Twilio 500", "faults", { vendor: "twilio", operation: "messages.create", kind: "status", status: 500, times: 1 }],
  ["Antwoord verloren", "faults", { vendor: "twilio", operation: "messages.create", kind: "lost", times: 1 }],
  ["63016", "faults", { vendor: "twilio", operation: "messages.create", kind: "callback", code: 63016, times: 1 }],
  ["Chatwoot 500", "faults", { vendor: "chatwoot", kind: "status", status: 500, times: 10 }],
  ["Een dag later", "clock", { seconds: 86400 }],
];

export class Inspector {
  constructor(phone) {
    this.phone = phone;
    this.entries = [];
    this.starts = new Map();
    $("everyone").addEventListener("change", () => this.draw());
    const buttons = FAULTS.map(([name, path, body]) =>
      el("li", {}, el("button", { type: "button", textContent: name, onclick: () => this.plan(name, path, body) })));
    buttons.push(el("li", {}, el("button", { type: "button", textContent: "Alles herstellen", onclick: () => this.heal() })));
    $("faults").replaceChildren(...buttons);
  }

  async plan(name, path, body) {
    await api(path, body);
    $("planned").textContent = path === "clock" ? "De klok staat een dag verder." : `Gepland: ${name}.`;
  }

  async heal() {
    await api("faults", undefined, "DELETE");
    $("planned").textContent = "Alle storingen zijn afgezegd.";
  }

  add(entry) {
    const shown = describe(entry);
    if (!shown) return;
    const { customer } = entry.data;
    if (entry.kind === "twilio.inbound") this.starts.set(customer, Date.parse(entry.at));
    const start = this.starts.get(customer);
    this.entries.push({ ...shown, customer, after: start ? Date.parse(entry.at) - start : null });
    if (this.entries.length > KEEP) this.entries.shift();
    this.draw();
  }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      const all = $("everyone").checked;
      const shown = this.entries.filter((e) => all || !e.customer || e.customer === this.phone.current);
      atEnd($("events"), () => $("events").replaceChildren(...shown.map(line)));
    });
  }
}

function elapsed(ms) {
  if (ms < 1000) return `+${ms} ms`;
  const digits = ms < 10000 ? 2 : 0;
  return `+${(ms / 1000).toLocaleString("nl-NL", { minimumFractionDigits: digits, maximumFractionDigits: digits })} s`;
}

function line(entry) {
  const when = entry.after === null ? "" : elapsed(entry.after);
  const chips = (entry.chips ?? []).map(([text, strong]) =>
    el("span", { className: strong ? "chip strong" : "chip", textContent: text }));
  return el("li", { className: entry.className ?? "" }, el("time", { textContent: when }), el("div", {},
    el("p", {}, entry.text, " ", el("span", { className: "who", textContent: entry.who })),
    chips.length ? el("div", { className: "chips" }, ...chips) : null));
}

function describe({ kind, data }) {
  if (kind === "bus.event") return busEvent(data);
  if (kind === "twilio.inbound") return { text: `“${data.body || data.kind}”`, who: "klant", className: "turn" };
  if (kind === "twilio.webhook") {
    const bad = !data.status || data.status >= 400;
    const text = data.status ? `webhook beantwoord met ${data.status}` : `webhook niet beantwoord (${data.error})`;
    return { text: `${text}, ${Math.round(data.seconds * 1000)} ms`, who: "gateway", className: bad ? "trouble" : "" };
  }
  if (kind === "twilio.refused") return { text: `Twilio weigert: ${data.code} ${data.text}`, who: "Twilio", className: "trouble" };
  if (kind === "chatwoot.refused") {
    return { text: `Chatwoot weigert ${data.operation}: ${data.status}`, who: "Chatwoot", className: "trouble" };
  }
  if (kind === "fault.hit") return { text: `storing: ${data.kind}`, who: `${data.vendor} ${data.operation}`, className: "trouble" };
  if (kind === "clock.moved") return { text: `de klok gaat ${Math.round(data.seconds / 3600)} uur vooruit`, who: "sandbox" };
  return null;
}

const percent = (value) => `${Math.round(value * 100)}%`;

const EVENTS = {
  "message.received": () => ({ text: "bericht veilig ontvangen" }),
  "message.routed": ({ understanding: u }) => ({
    text: "bedoeling herkend",
    chips: [[u.intent, true], [`zekerheid ${percent(u.confidence)}`], [u.language], [u.engine], ...(u.needs_human ? [["mens nodig", true]] : [])],
  }),
  "preferences.extracted": ({ slots, lead, engine }) => ({
    text: "wensen eruit gehaald", chips: [...flat(slots).map((text) => [text, true]), [`lead ${lead?.score ?? 0}`], [engine]],
  }),
  "message.overdue": () => ({ text: "een minuut oud: is er antwoord?" }),
  "reply.due": () => ({ text: "de klant is even stil: tijd voor antwoord" }),
  "reply.delivery_due": ({ action }) => ({ text: action === "send" ? "opnieuw versturen" : "uitzoeken of het aankwam" }),
  "reply.requested": () => ({ text: "antwoord gevraagd" }),
  "reply.drafted": ({ engine, rejected = [] }) => ({ text: "antwoord geschreven", chips: [[engine], ...rejected.map((r) => [`afgekeurd: ${r}`])] }),
  "reply.composed": ({ author, engine, claims = [] }) => ({ text: "antwoord klaar", chips: [[author], [engine], ...(claims.length ? [[`${claims.length} bewezen`]] : [])] }),
  "reply.sent": ({ part, parts }) => ({ text: `door Twilio aangenomen${parts > 1 ? ` (${part}/${parts})` : ""}` }),
  "reply.failed": ({ reason_nl: why, code }) => ({ text: `niet bezorgd: ${why}`, chips: code ? [[String(code)]] : [], className: "trouble" }),
  "reply.suppressed": ({ reason }) => ({ text: "antwoord niet verstuurd", chips: [[reason, true]], className: "suppressed" }),
  "reply.status": ({ status }) => ({ text: `status: ${status}` }),
  "handover.requested": ({ reason, priority }) => ({ text: "naar een mens", chips: [[reason, true], [priority]] }),
  "conversation.taken_over": ({ by }) => ({ text: "een medewerker heeft het gesprek", chips: [[by]] }),
  "conversation.released": () => ({ text: "terug bij de assistent" }),
  "customer.opted_out": () => ({ text: "klant wil geen berichten meer" }),
  "customer.opted_in": () => ({ text: "klant wil weer berichten" }),
};

function busEvent({ type, source, data }) {
  const name = type.replace(/\.v\d+$/, "");
  const known = EVENTS[name];
  try {
    return { who: source || name.split(".")[0], ...(known ? known(data) : { text: name }) };
  } catch {
    return { text: name, who: source };
  }
}

function flat(slots, prefix = "") {
  return Object.entries(slots ?? {}).flatMap(([name, value]) => {
    if (value === null || (Array.isArray(value) && !value.length)) return [];
    if (typeof value === "object" && !Array.isArray(value)) return flat(value, `${prefix}${name}.`);
    return [`${prefix}${name}: ${Array.isArray(value) ? value.join(", ") : value}`];
  });
}
