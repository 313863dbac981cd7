// Small helpers: elements, the control API, times, lists that stay at their end.

import { locale } from "./i18n.js";

export const $ = (id) => document.getElementById(id);

/** An element with properties and children; text is always set as text, never as markup. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "data") Object.assign(node.dataset, value);
    else if (name === "vars") for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** The ticks beneath a bubble: one stroke or two. */
export function ticks(two) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 18 11");
  svg.setAttribute("aria-hidden", "true");
  for (const d of two ? ["M1 6l3.5 4L11 1.5", "M7.5 9.2L8.2 10 15.5 1.5"] : ["M4 6l3.5 4L14 1.5"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export class Refused extends Error {}

/** A call of the control API. Throws Refused with the reason that came back. */
export async function api(path, body, method, root = "api/") {
  const raw = body instanceof Blob;
  const options = body === undefined && !method ? {} : {
    method: method ?? "POST",
    headers: raw ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
  };
  const answer = await fetch(root + path, options);
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Refused(typeof told.detail === "string" ? told.detail : `${path}: ${answer.status}`);
  }
  return answer.status === 204 ? null : answer.json();
}

const format = (moment, options) => new Intl.DateTimeFormat(locale(), options).format(new Date(moment));
export const hour = (moment) => format(moment, { hour: "2-digit", minute: "2-digit" });
export const clock = (moment) => format(moment, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const date = (moment) => format(moment, { weekday: "long", day: "numeric", month: "long" });
export const number = (value, digits = 0) =>
  value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const span = (ms) => ms < 1000 ? `${number(ms)} ms` : `${number(ms / 1000, ms < 10000 ? 2 : 0)} s`;

/** Keeps a list scrolled to its end, unless the reader has scrolled up. */
export function atEnd(list, change) {
  const near = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  change();
  if (near) list.scrollTop = list.scrollHeight;
}

/** Arrow keys move among the tabs of a tablist; choosing one focuses it. */
export function arrows(list, choose) {
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll('[role="tab"]')];
    const at = all.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    choose((next + all.length) % all.length);
  });
}

/** Calls `work` once in the next frame, however often it is asked for. */
export function soon(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; work(); });
  };
}
