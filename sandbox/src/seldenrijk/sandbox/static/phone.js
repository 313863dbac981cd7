// The customers' side: tabs, bubbles, ticks, the message field.

import { $, api, atEnd, date, el, hour } from "./dom.js";

const STARTERS = [
  "Hallo, ik zoek een Volkswagen Golf",
  "Ik wil graag een auto kopen tussen 20k en 30k",
  "Wat zijn de mogelijkheden voor financiering?",
  "Kan ik een afspraak maken voor een proefrit?",
  "Zoek een diesel SUV met automaat onder de 150000 km",
];
const NAMES = { "+31612345678": "Noor", "+31687654321": "Daan", "+31611223344": "Samira" };
const TICKS = { queued: "🕓", accepted: "🕓", sending: "🕓", sent: "✓", delivered: "✓✓", read: "✓✓" };
const SPOKEN = { queued: "in de wacht", sent: "verzonden", delivered: "bezorgd", read: "gelezen" };
const KINDS = { location: "📍 Locatie", contacts: "👤 Contact", sticker: "Sticker", document: "📄 Document" };

export class Phone {
  constructor(onSwitch) {
    this.onSwitch = onSwitch;
    this.chats = new Map();
    this.unread = new Set();
    this.typing = new Set();
    this.failure = "";
    this.drawn = new Map();
    for (const number of Object.keys(NAMES)) this.chat(`whatsapp:${number}`);
    [this.current] = this.chats.keys();
    $("another").addEventListener("click", () => this.another());
    this.starters();
    $("compose").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    $("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.send(); }
    });
    $("kind").addEventListener("change", () => { $("text").required = $("kind").value === "text"; });
    $("customers").addEventListener("keydown", (event) => this.arrows(event));
  }

  chat(address) {
    if (!this.chats.has(address)) this.chats.set(address, new Map());
    return this.chats.get(address);
  }

  another() {
    const digits = String(Math.floor(Math.random() * 1e7)).padStart(7, "0");
    const address = `whatsapp:+3161${digits}`;
    this.chat(address);
    this.select(address);
  }

  starters() {
    const items = STARTERS.map((text) =>
      el("li", {}, el("button", { type: "button", textContent: text, onclick: () => this.say(text) })));
    $("starters").replaceChildren(...items);
  }

  async send() {
    const text = $("text").value.trim();
    const kind = $("kind").value;
    if (!text && kind === "text") return;
    $("text").value = "";
    await this.say(kind === "reaction" && !text ? "👍" : text, kind);
    $("kind").value = "text";
    $("text").required = true;
    $("text").focus();
  }

  async say(text, kind = "text") {
    const message = { from: number(this.current), text, kind, profile_name: name(this.current) };
    if (kind === "location") message.location = { label: "Thuis" };
    const sent = await api("customers/send", message);
    const refused = sent.status === null ? "niemand neemt op" : `antwoord ${sent.status}`;
    this.failure = sent.status && sent.status < 400 ? "" : `De gateway: ${refused}. Draait het systeem (make demo)?`;
    this.draw(true);
  }

  add(message) {
    this.chat(message.customer).set(message.sid, message);
    if (message.direction !== "inbound") {
      this.typing.delete(message.customer);
      if (message.customer !== this.current) this.unread.add(message.customer);
    }
    this.draw();
  }

  status({ sid, customer, status, code }) {
    const message = this.chat(customer).get(sid);
    if (!message) return;
    Object.assign(message, { status, error_code: code });
    this.draw();
  }

  dots(customer) {
    this.typing.add(customer);
    setTimeout(() => { this.typing.delete(customer); this.draw(); }, 25000);
    this.draw();
  }

  select(address) {
    this.current = address;
    this.unread.delete(address);
    this.draw(true);
    this.onSwitch();
  }

  arrows(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...this.chats.keys()];
    this.select(all[(all.indexOf(this.current) + step + all.length) % all.length]);
    $("customers").querySelector('[aria-selected="true"]').focus();
  }

  draw(toEnd = false) {
    this.toEnd ||= toEnd;
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      this.drawTabs();
      atEnd($("talk"), () => $("bubbles").replaceChildren(...this.bubbles()));
      if (this.toEnd) $("talk").scrollTop = $("talk").scrollHeight;
      this.toEnd = false;
      $("typing").hidden = !this.typing.has(this.current);
    });
  }

  drawTabs() {
    const focused = $("customers").contains(document.activeElement);
    const tabs = [...this.chats.keys()].map((address) => el("button", {
      type: "button", role: "tab", tabIndex: address === this.current ? 0 : -1, "aria-controls": "chat",
      "aria-selected": String(address === this.current), onclick: () => this.select(address),
      title: number(address),
    }, name(address), this.unread.has(address)
      ? el("span", { className: "dot", role: "img", "aria-label": "nieuw bericht" }) : null));
    $("customers").replaceChildren(...tabs);
    if (focused) $("customers").querySelector('[aria-selected="true"]').focus();
  }

  bubbles() {
    const items = [];
    let last = "";
    for (const message of this.chat(this.current).values()) {
      const today = date(message.time);
      if (today !== last) items.push(el("li", { className: "day", textContent: today }));
      last = today;
      items.push(this.bubble(message));
    }
    if (this.failure) items.push(el("li", { className: "day failed", textContent: this.failure }));
    return items;
  }

  /** A bubble is made anew only when its message has changed, so a picture is not loaded again. */
  bubble(message) {
    const key = `${message.status} ${message.error_code}`;
    const known = this.drawn.get(message.sid);
    if (known?.key === key) return known.node;
    const node = bubble(message);
    this.drawn.set(message.sid, { key, node });
    return node;
  }
}

const number = (address) => address.replace("whatsapp:", "");
const name = (address) => NAMES[number(address)] ?? number(address).replace("+31", "0");

function bubble(message) {
  const mine = message.direction === "inbound";
  const foot = el("small", {}, el("time", { dateTime: message.time, textContent: hour(message.time) }));
  if (mine) foot.append(el("span", { className: "ticks", textContent: "✓✓", title: "verzonden" }));
  else foot.append(...delivery(message));
  const label = KINDS[message.kind] && !message.body ? KINDS[message.kind] : "";
  return el("li", { className: mine ? "mine" : "" }, ...message.media.map(attachment), message.body || label, foot);
}

function delivery(message) {
  if (message.error_code || ["failed", "undelivered"].includes(message.status)) {
    const why = `niet bezorgd (${message.error_code ?? "onbekend"})`;
    return [el("span", { className: "failed", textContent: ` ${why}` })];
  }
  const spoken = SPOKEN[message.status] ?? message.status;
  return [el("span", {
    className: `ticks ${message.status}`, textContent: TICKS[message.status] ?? "", role: "img", "aria-label": spoken,
    title: spoken,
  })];
}

function attachment(media) {
  const url = media.url.replace(/^\//, "");
  if (media.content_type.startsWith("image/")) return el("img", { src: url, alt: media.filename ?? "foto" });
  if (media.content_type.startsWith("audio/")) return el("audio", { src: url, controls: true });
  return el("a", { href: url, textContent: `📎 ${media.filename ?? media.content_type}` });
}
