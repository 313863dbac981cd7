// The message field: attachments, replying to a message, quick replies to what was just offered.

import { $, el } from "./dom.js";
import { t } from "./i18n.js";
import { summary } from "./bubbles.js";
import { icon } from "./icons.js";
import { KINDS } from "./starters.js";

const CHUNK = 0x8000;
const MAX_FILE = 16 * 1024 * 1024;

export class Compose {
  constructor(phone) {
    this.phone = phone;
    this.quoted = null;
    this.offers = new Map();
    $("compose").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    $("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    });
    $("unquote").addEventListener("click", () => { this.quote(null); });
    $("clip").addEventListener("click", () => this.menu($("attach").hidden));
    $("compose").addEventListener("keydown", (event) => { if (event.key === "Escape") { this.menu(false); $("clip").focus(); } });
    $("file").addEventListener("change", () => this.upload());
    $("compose").querySelector(".send").append(icon("send"));
    $("attach").replaceChildren(...[...KINDS, "own"].map((kind) => el("button", {
      type: "button", data: { kind }, onclick: () => this.attach(kind),
    }, icon(kind), t(kind))));
  }

  menu(open) {
    $("attach").hidden = !open;
    $("clip").setAttribute("aria-expanded", String(open));
    if (open) $("attach").firstElementChild.focus();
  }

  clear() {
    this.quoted = null;
    this.menu(false);
  }

  quote(message) {
    this.quoted = message;
    this.draw();
    $("text").focus();
  }

  /** The text and the quoted message are taken out of the field. */
  taken() {
    const message = { text: $("text").value.trim() };
    if (this.quoted) message.reply_to = this.quoted.sid;
    $("text").value = "";
    this.quoted = null;
    this.draw();
    return message;
  }

  async send() {
    if (!$("text").value.trim()) return;
    this.phone.spark(false);
    await this.phone.say(this.taken());
    $("text").focus();
  }

  async attach(kind) {
    this.menu(false);
    if (kind === "own") { $("file").click(); return; }
    const place = kind === "location" ? { location: { label: "Thuis" } } : {};
    await this.phone.say({ ...this.taken(), kind, ...place });
    $("text").focus();
  }

  async upload() {
    const [file] = $("file").files;
    $("file").value = "";
    if (!file || file.size > MAX_FILE) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
    const group = file.type.split("/")[0];
    const kind = ["image", "audio", "video"].includes(group) ? group : "document";
    const media = { content_type: file.type || "application/octet-stream", data: btoa(text), filename: file.name };
    await this.phone.say({ ...this.taken(), kind, media });
  }

  /** What the newest reply offers can be answered with one press, as WhatsApp's buttons do. */
  offer(customer, data, type) {
    const known = this.offers.get(customer) ?? [];
    if (type.startsWith("reply.drafted")) {
      const slots = (data.slots_offered ?? []).slice(0, 3).map((text) => ({ text: moment(text), payload: `slot:${text}` }));
      const cars = (data.offered ?? []).slice(0, 3).map((car, at) =>
        ({ text: `Vertel meer over nummer ${at + 1}`, payload: `car:${car.id}`, label: car.title }));
      this.offers.set(customer, slots.length ? slots : cars.length ? [...cars, { text: "Kan ik een proefrit maken?", payload: "test-drive" }] : []);
    } else if (!known.length) return;
    this.draw();
  }

  draw() {
    $("quoting").hidden = !this.quoted;
    if (this.quoted) $("quoting").firstElementChild.textContent = summary(this.quoted);
    const offers = this.offers.get(this.phone.current) ?? [];
    $("quick").hidden = offers.length === 0;
    $("quick").replaceChildren(...offers.map(({ text, payload, label }) => el("li", {}, el("button", {
      type: "button", onclick: () => this.choose(text, payload),
    }, label ? `${text} · ${label}` : text))));
  }

  async choose(text, payload) {
    this.offers.delete(this.phone.current);
    this.draw();
    await this.phone.say({ kind: "button", text, choice: { text, payload } });
    $("text").focus();
  }
}

/** A proposed moment (ISO) as a customer would say it; words stay as they are. */
function moment(text) {
  const when = new Date(text);
  if (Number.isNaN(when.getTime()) || !/^\d{4}-\d\d-\d\d/.test(text)) return text;
  return new Intl.DateTimeFormat("nl-NL", { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" })
    .format(when).replace(/ om | (?=\d\d:)/, " om ");
}
