// The bubbles of the open chat: text, attachments, quoted messages, ticks, why something failed.

import { $, api, atEnd, date, el, hour, ticks } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";

export class Bubbles {
  constructor(phone) {
    this.phone = phone;
    this.drawn = new Map();
    this.toEnd = true;
  }

  draw() {
    const { phone } = this;
    const items = this.items(phone.chat(phone.current));
    if (phone.typing.has(phone.current)) items.push(dots());
    const failure = phone.failures.get(phone.current);
    if (failure) items.push(el("li", { className: "aside failed", textContent: failure }));
    if (phone.blocked.has(phone.current)) items.push(this.blocked());
    atEnd($("talk"), () => $("bubbles").replaceChildren(...items));
    if (this.toEnd) $("talk").scrollTop = $("talk").scrollHeight;
    this.toEnd = false;
  }

  items(chat) {
    const items = [];
    const reactions = new Map();
    let last = "";
    for (const message of chat.values()) {
      if (message.kind === "reaction" && chat.has(message.reply_to)) reactions.set(message.reply_to, message.body || "👍");
    }
    for (const message of chat.values()) {
      if (message.kind === "reaction" && chat.has(message.reply_to)) continue;
      const today = date(message.time);
      if (today !== last) items.push(el("li", { className: "aside day", textContent: today }));
      last = today;
      items.push(this.bubble(message, reactions.get(message.sid), chat.get(message.reply_to)));
    }
    return items;
  }

  blocked() {
    const undo = el("button", { type: "button", className: "link", textContent: t("unblock"), onclick: () =>
      api(`customers/${encodeURIComponent(this.phone.current)}`, { blocked: false }, "PATCH") });
    return el("li", { className: "aside failed" }, `${t("blocked")} · `, undo);
  }

  /** A bubble is made anew only when its message has changed, so a picture is not loaded again. */
  bubble(message, reaction, quoted) {
    const key = [message.status, message.error_code, message.arrived, message.trouble, reaction].join();
    const known = this.drawn.get(message.sid);
    if (known?.key === key) return known.node;
    const node = this.make(message, reaction, quoted);
    this.drawn.set(message.sid, { key, node });
    return node;
  }

  make(message, reaction, quoted) {
    const mine = message.direction === "inbound";
    const foot = el("small", {}, el("time", { dateTime: message.time, textContent: hour(message.time) }),
      mine ? sent(message) : delivery(message));
    const trouble = mine ? message.trouble && t("lostWebhook") : reason(message);
    return el("li", { className: `bubble ${mine ? "mine" : "theirs"}`, data: { sid: message.sid, status: message.status } },
      quoted ? el("blockquote", { textContent: summary(quoted) }) : null,
      message.media.map(attachment), place(message), linked(message.body), foot,
      trouble ? el("small", { className: "failed", textContent: trouble }) : null,
      reaction ? el("span", { className: "reaction", textContent: reaction }) : null,
      this.actions(message, mine));
  }

  actions(message, mine) {
    const button = (sign, label, onclick) =>
      el("button", { type: "button", className: "plain", "aria-label": label, title: label, onclick },
        icon(sign));
    const { phone } = this;
    return el("span", { className: "actions" },
      button("reply", t("replyTo"), () => phone.compose.quote(message)),
      mine ? null : button("thumb", t("react"), () => phone.say({ kind: "reaction", text: "👍", reply_to: message.sid })));
  }
}

export function summary(message) {
  return message.body || t(message.kind);
}

function dots() {
  return el("li", { className: "bubble theirs dots", role: "img", "aria-label": t("typing") },
    el("i"), el("i"), el("i"));
}

function mark(status, two) {
  const node = el("span", { className: `ticks ${status}`, role: "img", "aria-label": t(`tick_${status}`), title: t(`tick_${status}`) });
  node.append(status === "queued" ? icon("clock") : status === "failed" ? icon("warning") : ticks(two));
  return node;
}

/** The ticks of a customer's own message: it left, it reached the system, it was read. */
function sent(message) {
  if (message.trouble) return mark("failed");
  if (message.status === "read") return mark("read", true);
  return mark(message.arrived ? "delivered" : "sent", message.arrived);
}

/** The ticks of the dealer's message, as Twilio reports them. */
function delivery(message) {
  if (message.error_code || ["failed", "undelivered"].includes(message.status)) return mark("failed");
  if (["queued", "accepted", "sending"].includes(message.status)) return mark("queued");
  return mark(message.status === "read" ? "read" : message.status === "delivered" ? "delivered" : "sent", message.status !== "sent");
}

const REASONS = {
  63016: ["buiten de 24 uur na het laatste bericht van de klant", "outside 24 hours since the customer's last message"],
  63014: ["de klant heeft dit nummer geblokkeerd", "the customer has blocked this number"],
};

function reason(message) {
  const failed = message.error_code || ["failed", "undelivered"].includes(message.status);
  if (!failed) return null;
  const known = REASONS[message.error_code]?.[document.documentElement.lang === "nl" ? 0 : 1];
  return `${t("tick_failed")}: ${message.error_code ?? "?"} ${known ?? message.error_message ?? ""}`.trim();
}

function attachment(media) {
  const url = media.url.replace(/^\//, "");
  const local = url.startsWith("api/");
  if (local && media.content_type.startsWith("image/")) return el("img", { src: url, alt: media.filename ?? t("image") });
  if (local && media.content_type.startsWith("audio/")) return el("audio", { src: url, controls: true, "aria-label": t("audio") });
  if (local && media.content_type.startsWith("video/")) return el("video", { src: url, controls: true, "aria-label": t("video") });
  return el("a", { className: "file", href: url, target: "_blank", rel: "noopener" }, icon("document"), media.filename ?? media.content_type);
}

function place(message) {
  const where = message.details?.location;
  if (message.kind !== "location" || !where) return null;
  return el("span", { className: "place" }, icon("location"), where.label ?? t("location"),
    el("small", {}, `${where.latitude.toFixed(4)}, ${where.longitude.toFixed(4)}`));
}

/** The text with addresses of the web as links, shortened to what a phone shows. */
function linked(text) {
  return el("span", { className: "words" }, text.split(/(https?:\/\/\S+)/).map((part, index) =>
    index % 2 ? el("a", { href: part, target: "_blank", rel: "noopener noreferrer", title: part }, part.replace(/^https?:\/\/(www\.)?/, "")) : part));
}
