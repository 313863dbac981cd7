// Puts the three sides together: a snapshot first, then everything that happens, live.

import { $, api } from "./dom.js";
import { Inbox } from "./inbox.js";
import { Inspector } from "./inspector.js";
import { Phone } from "./phone.js";

const phone = new Phone(() => inspector.draw());
const inspector = new Inspector(phone);
const inbox = new Inbox();

function take(entry) {
  const { kind, data } = entry;
  if (kind === "twilio.inbound" || kind === "twilio.send") phone.add({ ...data });
  if (kind === "twilio.status") phone.status(data);
  if (kind === "twilio.typing") phone.dots(data.customer);
  if (kind.startsWith("chatwoot.")) inbox.refresh();
  if (kind === "bus.connected" || kind === "bus.event") $("bus").hidden = true;
  inspector.add(entry);
}

function live(yes) {
  $("link").textContent = yes ? "● live" : "verbinding verbroken, opnieuw proberen…";
  $("link").dataset.live = yes ? "yes" : "no";
}

async function start() {
  const { seq, messages, entries, bus } = await api("snapshot");
  messages.forEach((message) => phone.add(message));
  phone.unread.clear();
  entries.forEach((entry) => inspector.add(entry));
  $("bus").hidden = bus;
  await inbox.load();
  const source = new EventSource(`api/events?after=${seq}`);
  source.onopen = () => live(true);
  source.onerror = () => live(false);
  source.onmessage = (event) => take(JSON.parse(event.data));
}

start();
