// Saved and scripted conversations: keep, share as a file, take in, replay with what has changed.

import { $, api, el } from "./dom.js";
import { named, t } from "./i18n.js";

export class Recordings {
  constructor(phone) {
    this.phone = phone;
    this.run = null;
    $("save").addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    $("import").addEventListener("click", () => $("importfile").click());
    $("importfile").addEventListener("change", () => this.take());
  }

  async told(work) {
    try {
      $("saved").textContent = await work();
    } catch (error) {
      $("saved").textContent = error.message;
    }
    await this.load();
  }

  save() {
    return this.told(async () => {
      const name = $("savename").value.trim();
      await api("recordings", { customer: this.phone.current, name });
      $("savename").value = "";
      return t("savedAs", { name });
    });
  }

  take() {
    const [file] = $("importfile").files;
    if (!file) return null;
    $("importfile").value = "";
    return this.told(async () => {
      const name = encodeURIComponent(file.name.replace(/\.\w+$/, ""));
      const { ids } = await api(`recordings/import?name=${name}`, file);
      return t("importedOne", { count: ids.length });
    });
  }

  async load() {
    const all = await api("recordings");
    $("shelf").replaceChildren(...(all.length ? all.map((item) => this.item(item)) : [el("li", { className: "note" }, t("nothingSaved"))]));
  }

  item({ id, name, messages, origin }) {
    const button = (label, onclick) => el("button", { type: "button", onclick }, label, el("span", { className: "quiet" }, `: ${name}`));
    return el("li", { data: { id } }, el("div", {}, el("strong", {}, name),
      el("small", {}, `${t("messagesCount", { count: messages })} · ${t(origin)}`)),
    el("div", { className: "row" }, button(t("replay"), () => this.replay(id)), button(t("view"), () => this.view(id)),
      el("a", { className: "button", href: `api/recordings/${id}/file`, download: `${id}.yaml` }, t("download")),
      origin === "saved" ? button(t("remove"), () => this.told(async () => { await api(`recordings/${id}`, undefined, "DELETE"); return ""; })) : null));
  }

  /** What was said, without saying it again. */
  async view(id) {
    const { name, about, turns } = await api(`recordings/${id}`);
    this.run = null;
    $("replay").replaceChildren(el("h3", {}, name), el("p", { className: "note" }, about),
      el("ol", { className: "script" }, turns.map(({ who, text, kind, intent }) =>
        el("li", { data: { who } }, el("small", {}, t(`who_${who}`)), text || (who === "hand_back" ? "" : `[${t(kind)}]`),
          intent ? el("span", { className: "chip" }, named(intent)) : null))));
  }

  async replay(id) {
    try {
      this.run = await api(`recordings/${id}/replay`, {});
    } catch (error) {
      $("saved").textContent = error.message;
      return;
    }
    this.phone.names.set(this.run.customer, t("replay"));
    this.phone.select(this.run.customer);
    this.draw();
  }

  /** An entry of the journal about a replay. */
  async add({ data }) {
    if (data.run !== this.run?.id) return;
    this.run = await api(`replays/${data.run}`);
    this.draw();
  }

  draw() {
    const { name, state, rows } = this.run;
    const changed = rows.filter((row) => row.changed.length).length;
    const sum = t("changedCount", { changed, count: rows.length });
    $("replay").replaceChildren(
      el("h3", {}, t("replaying", { name })),
      el("p", { className: "note", role: "status", data: { state } }, `${t(state)}${rows.length ? ` · ${sum}` : ""}`),
      el("ol", {}, rows.map(compared)));
  }
}

function compared({ text, kind, was, now, changed, reply_diff: diff }) {
  const part = (label, different, body) => body === null ? null
    : el("div", { className: different ? "different" : "" }, el("small", {}, label, " ", el("b", {}, t(different ? "changed" : "unchanged"))), body);
  const names = [...new Set([...Object.keys(was.slots ?? {}), ...Object.keys(now.slots ?? {})])];
  const slots = names.map((name) => pair(name, was.slots && JSON.stringify(was.slots[name]), JSON.stringify(now.slots?.[name])));
  return el("li", { className: changed.length ? "changed" : "" },
    el("p", { className: "said" }, text || `[${t(kind)}]`),
    part(t("intent"), changed.includes("intent"), pair("", was.intent && named(was.intent), now.intent && named(now.intent))),
    part(t("slots"), changed.some((name) => name.startsWith("slots.")), names.length ? el("div", { className: "chips" }, slots) : null),
    part(t("reply"), changed.includes("reply"), diff.length ? el("blockquote", { className: "diff" }, diff.map(([what, words]) =>
      what === "same" ? words : el(what === "gone" ? "del" : "ins", {}, words))) : now.outcome ? el("p", { className: "note" }, now.explanation || t("noreply")) : null));
}

function pair(name, was, now) {
  const label = name ? el("b", {}, name, " ") : null;
  if (was === null || was === now) return el("span", { className: "chip" }, label, now ?? "—");
  return el("span", { className: "chip" }, label, el("del", {}, was ?? "—"), " ", el("ins", {}, now ?? "—"));
}
