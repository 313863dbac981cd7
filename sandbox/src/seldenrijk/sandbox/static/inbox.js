// The staff's side on the same data: conversations, lead score, labels, notes, take over, answer, hand back.

import { $, api, atEnd, el, hour } from "./dom.js";
import { t } from "./i18n.js";

const AGENT = 2;
const LEAD = ["lead_score", "lead_quality"];

export class Inbox {
  constructor() {
    this.selected = null;
    $("take").addEventListener("click", () => this.act("status", { status: "open", agent_id: AGENT }));
    $("back").addEventListener("click", () => this.act("hand-back", {}));
    $("resolve").addEventListener("click", () => this.act("status", { status: "resolved", agent_id: AGENT }));
    $("answer").addEventListener("submit", (event) => { event.preventDefault(); this.answer(); });
    $("private").addEventListener("change", () => $("answer").classList.toggle("noting", $("private").checked));
  }

  async act(action, body) {
    await api(`chatwoot/conversations/${this.selected}/${action}`, body);
    this.refresh();
  }

  async answer() {
    const text = $("reply").value.trim();
    if (!text) return;
    $("reply").value = "";
    await this.act("reply", { text, private: $("private").checked, agent_id: AGENT });
    $("private").checked = false;
    $("answer").classList.remove("noting");
  }

  /** The conversation of a customer (an address), or undefined. */
  async of(customer) {
    const phone = customer.replace("whatsapp:", "");
    return (await api("chatwoot/conversations")).find(({ meta }) => meta.sender?.phone_number === phone);
  }

  /** Shows the conversation of the customer on the phone, as soon as there is one. */
  follow(customer) {
    this.wanted = customer.replace("whatsapp:", "");
    this.refresh();
  }

  /** Reads everything again soon; several events in a row cause one reading. */
  refresh() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load().catch(() => this.refresh()), 120);
  }

  async load() {
    const all = await api("chatwoot/conversations");
    $("empty").hidden = all.length > 0;
    const wanted = this.wanted && all.find(({ meta }) => meta.sender?.phone_number === this.wanted);
    if (wanted) { this.selected = wanted.id; this.wanted = null; }
    this.selected ??= all[0]?.id ?? null;
    const focused = $("conversations").contains(document.activeElement);
    $("conversations").replaceChildren(...all.map((conversation) => this.entry(conversation)));
    if (focused) $("conversations").querySelector('[aria-current="true"]')?.focus();
    if (this.selected !== null) this.show(await api(`chatwoot/conversations/${this.selected}`));
  }

  entry(conversation) {
    const { sender } = conversation.meta;
    const last = conversation.messages[0]?.content ?? "";
    const score = conversation.custom_attributes.lead_score ?? sender?.custom_attributes?.lead_score;
    return el("li", {}, el("button", {
      type: "button", "aria-current": String(conversation.id === this.selected), data: { phone: sender?.phone_number ?? "" },
      onclick: () => { this.wanted = null; this.selected = conversation.id; this.load(); },
    }, el("strong", {}, sender?.name || sender?.phone_number || `#${conversation.id}`),
    el("span", { className: "badges" }, score === undefined ? null : el("span", { className: "score", title: t("leadScore") }, String(score)), badge(conversation.status)),
    el("span", { className: "last" }, last)));
  }

  show(conversation) {
    $("conversation").hidden = false;
    const { sender, assignee } = conversation.meta;
    $("who").textContent = [sender?.name, sender?.phone_number].filter(Boolean).join(" · ") || `#${conversation.id}`;
    $("state").textContent = t(conversation.status) + (assignee ? `: ${assignee.name}` : "");
    $("state").dataset.status = conversation.status;
    const known = { ...sender?.custom_attributes, ...conversation.custom_attributes };
    $("lead").replaceChildren(...lead(known));
    const tags = [...conversation.labels, conversation.priority && `${t("priority")}: ${conversation.priority}`].filter(Boolean);
    $("tags").replaceChildren(...tags.map((text) => el("span", { className: "chip" }, text)));
    const attributes = Object.entries(known).filter(([key]) => !LEAD.includes(key));
    $("known").hidden = attributes.length === 0;
    $("attributes").replaceChildren(...attributes.flatMap(([key, value]) => [el("dt", {}, key), el("dd", {}, String(value))]));
    atEnd($("lines"), () => $("lines").replaceChildren(...conversation.messages.map(line)));
    if (this.drawn !== conversation.id) $("lines").scrollTop = $("lines").scrollHeight;
    this.drawn = conversation.id;
    $("take").disabled = conversation.status === "open" && conversation.meta.assignee_type === "User";
    $("back").disabled = conversation.status === "pending";
    $("resolve").disabled = conversation.status === "resolved";
  }
}

function lead(known) {
  if (known.lead_score === undefined) return [];
  const score = Number(known.lead_score);
  return [el("small", {}, `${t("leadScore")} `, el("b", {}, String(score)), known.lead_quality ? ` · ${known.lead_quality}` : ""),
    el("span", { className: "track", "aria-hidden": "true" }, el("i", { vars: { "--share": `${score}%` } }))];
}

function badge(status) {
  return el("span", { className: "badge", data: { status } }, t(status));
}

function line(message) {
  const kind = message.private ? "private" : ["in", "out", "activity", "out"][message.message_type];
  const files = (message.attachments ?? []).map((file) => el("a", { href: file.data_url }, `${t("attachment")} `));
  const failed = message.status === "failed" ? ` · ${t("tick_failed")}: ${message.content_attributes.external_error ?? ""}` : "";
  const who = message.sender ? `${message.sender.name ?? ""} · ` : "";
  const foot = kind === "activity" ? null
    : el("small", { className: failed ? "failed" : "" }, `${who}${hour(message.created_at * 1000)}${message.private ? ` · ${t("private")}` : ""}${failed}`);
  return el("li", { className: kind }, message.content ?? "", ...files, foot);
}
