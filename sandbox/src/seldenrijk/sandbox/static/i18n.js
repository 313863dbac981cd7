// Dutch and English: the dictionary of the page's fixed texts is words.js.

import { WORDS } from "./words.js";

const LANGUAGES = ["nl", "en"];

function remembered() {
  try { return localStorage.getItem("language"); } catch { return null; }
}

const wanted = new URLSearchParams(location.search).get("lang") ?? remembered()
  ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.includes(tag));
export const language = LANGUAGES.includes(wanted) ? wanted : "nl";
export const locale = () => (language === "nl" ? "nl-NL" : "en-GB");
export const other = language === "nl" ? "en" : "nl";

/** A text in the language of the page; `{name}` is filled in. */
export function t(key, values = {}) {
  const text = WORDS[key]?.[language === "nl" ? 0 : 1] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The half of a [Dutch, English] pair that fits. */
export const pick = (pair) => (Array.isArray(pair) ? pair[language === "nl" ? 0 : 1] : pair);

/** A name from the data (an intent, a reason): translated where we know it, as it is elsewhere. */
export const named = (value) => (WORDS[value] ? t(value) : String(value));

export function translate(root = document) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.tLabel);
  }
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}

export function choose(tag) {
  try { localStorage.setItem("language", tag); } catch { /* a private window: the address has it */ }
  const url = new URL(location.href);
  url.searchParams.set("lang", tag);
  location.assign(url);
}
