// The staff's side: conversations, take over, answer, hand back.

import { $, api, atEnd, el, hour } from "./dom.js";

const STATUS = { open: "bij een mens", pending: "bij de assistent", resolved: "afgerond", snoozed: "gesnoozed" };
const AGENT = 2;

export class Inbox {
  constructor() {
    this.selected = null;
    $("take").addEventListener("click", () => this.act("status", { status: "open", agent_id: AGENT }));
    $("back").addEventListener("click", () => this.act("hand-back", {}));
    $("resolve").addEventListener("click", () => this.act("status", { status: "resolved", agent_id: AGENT }));
    $("answer").addEventListener("submit", (event) => { event.preventDefault(); this.answer(); });
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
  }

  /** Reads everything again soon; several events in a row cause one reading. */
  refresh() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), 120);
  }

  async load() {
    const all = await api("chatwoot/conversations");
    $("empty").hidden = all.length > 0;
    this.selected ??= all[0]?.id ?? null;
    $("conversations").replaceChildren(...all.map((conversation) => this.entry(conversation)));
    if (this.selected !== null) this.show(await api(`chatwoot/conversations/${this.selected}`));
  }

  entry(conversation) {
    const { sender } = conversation.meta;
    const last = conversation.messages[0]?.content ?? "";
    return el("li", {}, el("button", {
      type: "button", "aria-current": String(conversation.id === this.selected),
      onclick: () => { this.selected = conversation.id; this.load(); },
    }, el("strong", { textContent: sender?.name || sender?.phone_number || `#${conversation.id}` }),
    badge(conversation.status), el("span", { className: "last", textContent: last })));
  }

  show(conversation) {
    $("conversation").hidden = false;
    const { sender, assignee } = conversation.meta;
    $("who").textContent = [sender?.name, sender?.phone_number].filter(Boolean).join(" · ") || `#${conversation.id}`;
    $("state").textContent = STATUS[conversation.status] + (assignee ? `: ${assignee.name}` : "");
    $("state").dataset.status = conversation.status;
    const tags = [...conversation.labels, conversation.priority && `prioriteit: ${conversation.priority}`].filter(Boolean);
    const attributes = Object.entries(conversation.custom_attributes);
    $("known").hidden = attributes.length === 0;
    $("attributes").replaceChildren(...attributes.flatMap(([key, value]) =>
      [el("dt", { textContent: key }), el("dd", { textContent: String(value) })]));
    $("tags").replaceChildren(...tags.map((text) => el("span", { className: "chip", textContent: text })));
    atEnd($("lines"), () => $("lines").replaceChildren(...conversation.messages.map(line)));
    $("take").disabled = conversation.status === "open" && conversation.meta.assignee_type === "User";
    $("back").disabled = conversation.status === "pending";
  }
}

function badge(status) {
  return el("span", { className: "badge", data: { status }, textContent: STATUS[status] });
}

function line(message) {
  const kind = message.private ? "private" : ["in", "out", "activity", "out"][message.message_type];
  const files = (message.attachments ?? []).map((file) => el("a", { href: file.data_url, textContent: "📎 bijlage " }));
  const note = message.private ? " · interne notitie" : "";
  const failed = message.status === "failed" ? ` · mislukt: ${message.content_attributes.external_error ?? ""}` : "";
  const who = message.sender ? `${message.sender.name ?? ""} · ` : "";
  const foot = kind === "activity" ? null
    : el("small", { textContent: `${who}${hour(message.created_at * 1000)}${note}${failed}` });
  return el("li", { className: kind }, message.content ?? "", ...files, foot);
}
