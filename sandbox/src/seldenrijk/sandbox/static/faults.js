// The fault buttons: each plans its misfortune, makes something happen to it, and shows what came of it.

import { $, api, clock, el, soon } from "./dom.js";
import { FAULTS, GROUPS, SAYS, SERVICES } from "./fault_catalog.js";
import { pick, t } from "./i18n.js";
import { facts, Outcomes, verdict } from "./outcomes.js";
import { number } from "./phone.js";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Faults {
  constructor(phone, inbox) {
    this.phone = phone;
    this.inbox = inbox;
    this.outcomes = new Outcomes();
    this.draw = soon(() => this.drawNow());
    $("heal").addEventListener("click", () => this.heal());
  }

  /** What this sandbox can do: `claude` and `system`. */
  build(able) {
    const service = el("select", { id: "victim", "aria-label": t("service") }, SERVICES.map((name) => el("option", { value: name }, name)));
    const card = (fault) => {
      const missing = fault.needs && !able[fault.needs];
      return el("article", { className: "fault", id: `fault-${fault.label}` },
        el("div", { className: "row" }, el("h4", {}, pick(fault.name)), fault.kill ? service : null,
          el("button", { type: "button", disabled: missing, data: { fault: fault.label }, onclick: () => this.run(fault) },
            t("try"), el("span", { className: "quiet" }, `: ${pick(fault.name)}`))),
        el("p", { className: "note" }, `${t("expect")}: ${pick(fault.expect)}`),
        missing ? el("p", { className: "note missing" }, t(fault.needs === "claude" ? "needsClaude" : "needsSystem")) : null,
        el("p", { className: "outcome", role: "status", hidden: true }));
    };
    $("faultlist").replaceChildren(...GROUPS.map(([title, faults]) =>
      el("section", {}, el("h3", {}, pick(title)), faults.map(card))));
    this.draw();
  }

  add(entry) {
    if (this.outcomes.add(entry)) this.draw();
  }

  async run(fault) {
    const customer = this.phone.current;
    const { label } = fault;
    $("healed").textContent = "";
    try {
      if (fault.plan) await api("faults", { ...fault.plan, label, ...(fault.plan.vendor === "twilio" ? { match: number(customer) } : {}) });
      for (const spec of fault.claude ?? []) await api("faults", { ...spec, label }, "POST", "claude/");
      if (fault.customer) await api(`customers/${encodeURIComponent(customer)}`, { ...fault.customer, label }, "PATCH");
      if (fault.kill) await api(`system/${$("victim").value}/kill`, { seconds: 2 });
      if (fault.staff) await this.asStaff(fault, customer);
      else if ($("trigger").checked) await this.say(fault.says ?? SAYS, customer);
    } catch (error) {
      this.tell(label, "bad", error.message);
    }
  }

  async say(texts, customer) {
    for (const [index, text] of texts.entries()) {
      if (index) await pause(500);
      const saying = this.phone.say({ text }, customer);
      if (index === texts.length - 1) await saying; // an earlier one may be held back by the fault
    }
  }

  async asStaff(fault, customer) {
    const conversation = await this.inbox.of(customer);
    if (!conversation) throw new Error(t("needsConversation"));
    await api("clock", { seconds: fault.clock, label: fault.label, customer });
    await api(`chatwoot/conversations/${conversation.id}/reply`, { text: fault.staff });
  }

  async heal() {
    await api("faults", undefined, "DELETE");
    await api("faults", undefined, "DELETE", "claude/").catch(() => null);
    const { offset } = await api("clock");
    if (offset) await api("clock", { seconds: -offset });
    for (const { address, blocked } of await api("customers")) {
      if (blocked) await api(`customers/${encodeURIComponent(address)}`, { blocked: false }, "PATCH");
    }
    $("healed").textContent = t("healed");
  }

  tell(label, state, text) {
    const node = $(`fault-${label}`)?.querySelector(".outcome");
    if (!node) return;
    const shown = `${t(state)}: ${text}`;
    if (node.dataset.state === state && node.textContent === shown) return;
    Object.assign(node, { hidden: false, textContent: shown });
    node.dataset.state = state;
  }

  drawNow() {
    for (const { label } of FAULTS) {
      const outcome = this.outcomes.of.get(label);
      if (outcome) this.tell(label, verdict(outcome), [clock(outcome.at), facts(outcome)].filter(Boolean).join(" · "));
    }
  }
}
