// Small line drawings, so that no machine needs a font with pictures.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  image: "M3 5h18v14H3z M3 16l5-5 4 4 3-3 6 6 M15.5 9h.01",
  audio: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z M6 11a6 6 0 0 0 12 0 M12 17v4",
  video: "M3 6h12v12H3z M15 10l6-3v10l-6-3",
  document: "M6 3h8l5 5v13H6z M14 3v5h5 M9 13h7 M9 17h7",
  location: "M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.5 7 12 7 12z M12 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  contacts: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21c.6-4 3.8-6 8-6s7.4 2 8 6",
  sticker: "M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2-5.6-3.1L6.4 20l1.2-6.2L3 9.5l6.3-.8z",
  own: "M3 6h6l2 3h10v10H3z",
  reply: "M9 6L4 11l5 5 M4 11h10a6 6 0 0 1 6 6v1",
  thumb: "M7 11v9H4v-9z M7 11l4-8a2 2 0 0 1 2 2v4h6l-1.5 9a2 2 0 0 1-2 2H7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5l3 2",
  warning: "M12 4l9 16H3z M12 10v4 M12 17h.01",
  send: "M4 12L20 5l-5 15-4-6z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
