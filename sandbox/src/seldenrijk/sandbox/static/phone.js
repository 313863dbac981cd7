// The customers' side: who they are, which chat is open, what is said.

import { Bubbles } from "./bubbles.js";
import { Compose } from "./compose.js";
import { $, api, arrows, el, soon } from "./dom.js";
import { pick, t } from "./i18n.js";
import { MORE, NAMES, OWNER } from "./starters.js";

const TYPING_MS = 25000;
const BETWEEN_MS = 400;

export const number = (address) => address.replace("whatsapp:", "");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Phone {
  constructor(onSwitch) {
    this.onSwitch = onSwitch;
    this.chats = new Map();
    this.names = new Map(Object.entries(NAMES).map(([phone, name]) => [`whatsapp:${phone}`, name]));
    this.unread = new Map();
    this.typing = new Map();
    this.blocked = new Set();
    this.failures = new Map();
    this.sparks = false;
    for (const address of this.names.keys()) this.chat(address);
    this.current = remembered(this.chats) ?? [...this.chats.keys()][0];
    this.draw = soon(() => this.drawNow());
    this.bubbles = new Bubbles(this);
    this.compose = new Compose(this);
    this.starters();
    $("another").addEventListener("click", () => this.another());
    $("sparks").addEventListener("click", () => this.spark(!this.sparks));
    arrows($("customers"), (at) => { this.select([...this.chats.keys()][at], true); });
  }

  chat(address) {
    if (!this.chats.has(address)) this.chats.set(address, new Map());
    return this.chats.get(address);
  }

  name(address) {
    return this.names.get(address) ?? number(address).replace("+31", "0");
  }

  another() {
    const digits = String(Math.floor(Math.random() * 1e7)).padStart(7, "0");
    this.chat(`whatsapp:+3161${digits}`);
    this.select(`whatsapp:+3161${digits}`);
    $("text").focus();
  }

  spark(open) {
    this.sparks = open;
    this.draw();
  }

  starters() {
    const button = (starter) => el("li", {}, el("button", {
      type: "button", className: "starter", onclick: () => this.start(starter),
    }, starter.title ? pick(starter.title) : starter.says[0]));
    $("starters").replaceChildren(
      el("h3", { textContent: t("fromOwner") }), el("ul", {}, OWNER.map(button)),
      el("h3", { textContent: t("more") }), el("ul", {}, MORE.map(button)));
  }

  async start(starter) {
    this.spark(false);
    const from = this.current;
    for (const [index, text] of starter.says.entries()) {
      if (index) await pause(BETWEEN_MS);
      await this.say({ text, kind: starter.kind ?? "text" }, from);
    }
  }

  /** Sends as the customer of the open chat; what the gateway refuses is told in the chat. */
  async say(message, from = this.current) {
    const body = { from: number(from), profile_name: this.name(from), ...message };
    try {
      const sent = await api("customers/send", body);
      const nobody = sent.status === null && sent.error !== "dropped";
      this.failures.set(from, nobody ? t("nobody") : sent.status >= 400 ? t("refused", { status: sent.status }) : "");
    } catch (error) {
      this.failures.set(from, error.message);
    }
    this.draw();
  }

  add(message) {
    const chat = this.chat(message.customer);
    chat.set(message.sid, message);
    if (message.direction !== "inbound") {
      this.typing.delete(message.customer);
      if (message.customer !== this.current) {
        this.unread.set(message.customer, (this.unread.get(message.customer) ?? 0) + 1);
      }
    }
    this.draw();
  }

  status({ sid, customer, status, code }) {
    const message = this.chat(customer).get(sid);
    if (!message) return;
    Object.assign(message, { status, error_code: code });
    this.draw();
  }

  /** How the webhook of a customer's message went. */
  delivered({ sid, customer, status, error }) {
    const message = this.chat(customer).get(sid);
    if (!message) return;
    message.arrived = status !== null && status < 400;
    message.trouble = message.arrived ? null : status ?? error;
    this.draw();
  }

  /** The system has it, whichever way it came. */
  stored(customer, sid) {
    this.failures.delete(customer);
    this.delivered({ sid, customer, status: 200 });
  }

  /** The typing indicator also marks the customer's message read. */
  dots({ sid, customer }) {
    const message = this.chat(customer).get(sid);
    if (message) message.status = "read";
    clearTimeout(this.typing.get(customer));
    this.typing.set(customer, setTimeout(() => { this.typing.delete(customer); this.draw(); }, TYPING_MS));
    this.draw();
  }

  changed({ customer, changed }) {
    if (changed.blocked === true) this.blocked.add(customer);
    if (changed.blocked === false) this.blocked.delete(customer);
    this.draw();
  }

  select(address, focus = false) {
    this.current = address;
    this.sparks = false;
    this.unread.delete(address);
    try { sessionStorage.setItem("customer", address); } catch { /* then a reload starts with the first */ }
    this.compose.clear();
    this.bubbles.toEnd = true;
    this.drawTabs();
    this.draw();
    if (focus) $("customers").querySelector('[aria-selected="true"]').focus();
    this.onSwitch();
  }

  drawNow() {
    this.drawTabs();
    this.bubbles.draw();
    this.compose.draw();
    const typing = this.typing.has(this.current);
    $("presence").textContent = t(typing ? "typing" : "online");
    $("presence").classList.toggle("typing", typing);
    const open = this.sparks || this.chat(this.current).size === 0;
    $("starters").hidden = !open;
    $("sparks").setAttribute("aria-expanded", String(open));
  }

  drawTabs() {
    const focused = $("customers").contains(document.activeElement);
    const tabs = [...this.chats.keys()].map((address, index) => {
      const chosen = address === this.current;
      const waiting = this.unread.get(address);
      return el("button", {
        type: "button", role: "tab", tabIndex: chosen ? 0 : -1, "aria-controls": "chat",
        "aria-selected": String(chosen), onclick: () => this.select(address), title: number(address),
        data: { customer: number(address) }, vars: { "--hue": String((index * 67 + 20) % 360) },
      }, el("span", { className: "face", "aria-hidden": "true" }, this.name(address).replace(/^0/, "")[0]),
      el("span", {}, this.name(address)),
      waiting ? el("span", { className: "count", role: "img", "aria-label": `${waiting} ${t("newMessage")}` }, String(waiting)) : null);
    });
    $("customers").replaceChildren(...tabs);
    const chosen = $("customers").querySelector('[aria-selected="true"]');
    if (focused) chosen.focus();
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function remembered(chats) {
  try {
    const address = sessionStorage.getItem("customer");
    if (address && !chats.has(address)) chats.set(address, new Map());
    return address;
  } catch { return null; }
}
