/* Draws a map with Leaflet: the background, where distances start from, and a mark for each place.

   Everything drawn is read from the page: its cards that have a point, or the point of a sheet. The list stays the whole
   answer, the map repeats it with the same numbers. */

import { bubbleOf, nameOf, read, signOf } from "./carte-offres.js";

const WORDS = {
  zoomIn: "Agrandir la carte",
  zoomOut: "Réduire la carte",
  close: "Fermer",
  noTiles: "Le fond de carte ne répond pas\u00a0; les points restent justes.",
};
const APART_PX = 38; // a mark is 32 px wide: nearer ones become a group, so that none covers another
const STREET_ZOOM = 16; // as close as a map opens: a street and those around it
const TOWN_ZOOM = 13; // the centre of a commune shown from closer would look like an address
const MAX_ZOOM = 18; // the deepest level that every usual background has

/* Returns the map drawn in a region; `say` is told when the background does not come. */
export function draw(root, say) {
  const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(root.querySelector(".carte-vue"), {
    maxZoom: MAX_ZOOM,
    attributionControl: false, // the page says it under the map
    zoomControl: false,
    scrollWheelZoom: false, // the wheel scrolls the page
    zoomAnimation: moves,
    fadeAnimation: moves,
    markerZoomAnimation: moves,
    inertia: moves,
  });
  // Beside the title: over the map, the buttons would hide marks, above all on a small screen.
  const zoom = L.control.zoom({ zoomInTitle: WORDS.zoomIn, zoomOutTitle: WORDS.zoomOut }).addTo(map);
  root.querySelector("[data-zoom]").append(zoom.getContainer());
  L.control.scale({ imperial: false }).addTo(map);
  const nodes = [...document.querySelectorAll(".card[data-lat], .carte[data-lat]")];
  const items = nodes.map((node) => ({ ...read(node), at: positionOf(node) }));
  const start = root.querySelector("[data-depart]");
  const places = items.map((item) => item.at).concat(start ? [positionOf(start)] : []);
  const maxZoom = items.every((item) => item.isApproximate) ? TOWN_ZOOM : STREET_ZOOM;
  map.fitBounds(places, { padding: [30, 30], maxZoom, animate: false });
  if (root.dataset.fond) layTiles(map, root.dataset.fond, say);
  if (start) markStart(map, start);
  mark(map, items);
  return map;
}

/* Lays the background, when the site has one; `say` is told when it does not come. */
export function layTiles(map, url, say) {
  let hasAnswered = false;
  L.tileLayer(url, { maxZoom: MAX_ZOOM })
    .on("tileload", () => (hasAnswered = true))
    .on("tileerror", () => hasAnswered || say(WORDS.noTiles))
    .addTo(map);
}

function markStart(map, node) {
  const radius = 1000 * node.dataset.rayonKm;
  L.circle(positionOf(node), { radius, className: "carte-rayon", interactive: false }).addTo(map);
  const icon = iconOf("★", "carte-depart");
  // Under the marks, and wider: what is at that very place does not hide it.
  L.marker(positionOf(node), { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
}

function positionOf(node) {
  return L.latLng(node.dataset.lat, node.dataset.lon);
}

/* Marks the items, again after each zoom: those that are then far enough apart leave their group. */
function mark(map, items) {
  let markers = [];
  let drawn = "";
  const markerAt = (item) => markers.find((marker) => marker.group.includes(item));
  const redraw = () => {
    const groups = grouped(map, items);
    const drawing = groups.map((group) => group.map((item) => item.rank)).join(" ");
    if (drawing === drawn) return; // the focus and the open bubble stay
    drawn = drawing;
    const focused = markers.find((marker) => marker.getElement() === document.activeElement)?.group[0];
    markers.forEach((marker) => marker.remove());
    markers = groups.map((group) => markerOf(map, group));
    if (focused) markerAt(focused).getElement().focus({ preventScroll: true });
  };
  map.on("zoomend", redraw);
  redraw();
  const light = (item, isLit) => {
    markerAt(item).getElement().classList.toggle("is-lit", isLit);
    markerAt(item).setZIndexOffset(isLit ? 1000 : 0); // above its neighbours
  };
  for (const item of items.filter((one) => one.link)) {
    for (const event of ["pointerenter", "focusin"]) item.node.addEventListener(event, () => light(item, true));
    for (const event of ["pointerleave", "focusout"]) item.node.addEventListener(event, () => light(item, false));
  }
  // Leaflet hears this key only while the map itself has the focus.
  map.getContainer().addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
}

function grouped(map, items) {
  const groups = [];
  const pixelOf = (item) => map.project(item.at, map.getZoom());
  for (const item of items) {
    const near = groups.find(([first]) => pixelOf(first).distanceTo(pixelOf(item)) < APART_PX);
    if (near) near.push(item);
    else groups.push([item]);
  }
  return groups;
}

function markerOf(map, group) {
  const isLink = Boolean(group[0].link);
  const kinds = { "carte-groupe": group.length > 1, "carte-approx": group.every((item) => item.isApproximate) };
  const icon = iconOf(signOf(group), ...Object.keys(kinds).filter((kind) => kinds[kind]));
  const title = nameOf(group);
  const marker = L.marker(group[0].at, { icon, title, alt: title, keyboard: isLink, interactive: isLink }).addTo(map);
  marker.group = group;
  if (!isLink) return marker;
  marker.getElement().setAttribute("aria-label", title);
  const { x: width, y: height } = map.getSize();
  const size = { minWidth: 150, maxWidth: Math.min(260, width - 70), maxHeight: Math.min(260, height - 100) };
  marker.bindPopup(() => bubbleOf(group, () => map.closePopup()), size);
  marker.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", WORDS.close);
    popup.getElement().querySelector("a").focus({ preventScroll: true });
  });
  // A bubble closed by the keyboard would leave the focus nowhere.
  marker.on("popupclose", () => {
    if (document.activeElement === document.body) marker.getElement()?.focus({ preventScroll: true });
  });
  return marker;
}

/* Returns a mark with a text on it. */
export function iconOf(text, ...kinds) {
  const html = Object.assign(document.createElement("span"), { textContent: text });
  html.classList.add("carte-signe", ...kinds);
  return L.divIcon({ html, className: "carte-repere", iconSize: [32, 32] });
}
