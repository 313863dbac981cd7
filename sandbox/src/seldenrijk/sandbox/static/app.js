// Puts the parts together: a snapshot first, then everything that happens, live.

import { $, api, arrows, el } from "./dom.js";
import { Faults } from "./faults.js";
import { choose, other, t, translate } from "./i18n.js";
import { Inbox } from "./inbox.js";
import { Inspector } from "./inspector.js";
import { Phone } from "./phone.js";
import { Recordings } from "./recordings.js";

translate();
const inbox = new Inbox();
const phone = new Phone(() => { inspector?.draw(); inbox.follow(phone?.current ?? ""); });
const inspector = new Inspector(phone);
const faults = new Faults(phone, inbox);
const recordings = new Recordings(phone);
const DOCK = ["inbox", "faults", "recordings"];
const VIEWS = ["phone", "flow", ...DOCK];

function take(entry, past = false) {
  const { kind, data } = entry;
  if (!past && (kind === "twilio.inbound" || kind === "twilio.send")) phone.add({ ...data });
  if (!past && kind === "twilio.status") phone.status(data);
  if (kind === "twilio.webhook") phone.delivered(data);
  if (!past && kind === "twilio.typing") phone.dots(data);
  if (kind === "customer.changed") phone.changed(data);
  if (kind === "bus.event" && data.customer) phone.compose.offer(data.customer, data.data, data.type);
  if (kind === "bus.event" && data.customer && data.data.type?.startsWith("message.received")) {
    phone.stored(data.customer, data.data.message.message_id);
  }
  if (kind === "bus.connected" || kind === "bus.event") $("bus").hidden = true;
  if (!past && kind.startsWith("chatwoot.")) inbox.refresh();
  if (!past && kind.startsWith("replay.")) recordings.add(entry);
  inspector.add(entry);
  faults.add(entry);
}

function live(yes) {
  $("link").textContent = t(yes ? "live" : "lost");
  $("link").dataset.live = yes ? "yes" : "no";
}

/** On a wide screen the dock shows one of three panels; on a narrow one the page shows one of five views. */
function view(name) {
  document.body.dataset.view = DOCK.includes(name) ? "dock" : name;
  for (const button of $("views").children) button.setAttribute("aria-current", String(button.dataset.to === name));
  if (!DOCK.includes(name)) return;
  for (const panel of DOCK) {
    $(`panel-${panel}`).hidden = panel !== name;
    $(`tab-${panel}`).setAttribute("aria-selected", String(panel === name));
    $(`tab-${panel}`).tabIndex = panel === name ? 0 : -1;
  }
  if (name === "recordings") recordings.load();
}

function controls() {
  $("views").replaceChildren(...VIEWS.map((name) => el("button", { type: "button", data: { to: name }, onclick: () => view(name) }, t(name === "flow" ? "inside" : name))));
  for (const name of DOCK) $(`tab-${name}`).addEventListener("click", () => view(name));
  arrows($("docktabs"), (at) => { view(DOCK[at]); $(`tab-${DOCK[at]}`).focus(); });
  $("language").textContent = other.toUpperCase();
  $("language").lang = other;
  $("language").setAttribute("aria-label", other === "en" ? "EN: English" : "NL: Nederlands");
  $("language").addEventListener("click", () => choose(other));
  $("theme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark"
      || (!document.documentElement.style.colorScheme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.style.colorScheme = dark ? "light" : "dark";
  });
  view("inbox");
  view("phone");
}

async function start() {
  controls();
  $("link").textContent = t("connecting");
  const snapshot = await api("snapshot");
  faults.build(snapshot);
  for (const message of snapshot.messages) phone.add({ ...message, ...arrival(message) });
  phone.unread.clear();
  for (const entry of snapshot.entries) take(entry, true);
  $("bus").hidden = snapshot.bus;
  phone.select(phone.current);
  await inbox.load();
  const source = new EventSource(`api/events?after=${snapshot.seq}`);
  source.onopen = () => live(true);
  source.onerror = () => live(false);
  source.onmessage = (event) => take(JSON.parse(event.data));
}

/** Whether a customer's message has arrived, as its webhook's deliveries tell. */
function arrival({ deliveries }) {
  const webhook = deliveries?.filter((line) => line.webhook).at(-1);
  if (!webhook) return {};
  const arrived = webhook.status !== null && webhook.status < 400;
  return { arrived, trouble: arrived ? null : webhook.status ?? webhook.error };
}

start();
