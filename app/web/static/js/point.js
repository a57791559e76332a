/* The map on which the point of a listing is placed: it only fills in the two fields above it.

   The fields stay the other way of doing it, and the keyboard moves the point as the pointer does. */

import { iconOf, layTiles } from "./carte-dessin.js";

const STEP_PX = 10; // about a building at the zoom of a street
const FAR_PX = 80;
const STREET_ZOOM = 17;
const TOWN_ZOOM = 13;
const MAX_ZOOM = 18; // the deepest level that every usual background has
const DIGITS = 6; // of a degree: ten centimetres
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const NAME = "Point de la fiche, à déplacer avec les flèches";

/* Draws the map of a form; `say` is told where the point now is. */
export function draw(root, fields, say) {
  const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const typed = typedIn(fields);
  const at = typed ?? L.latLng(root.dataset.lat, root.dataset.lon);
  const map = L.map(root.querySelector(".carte-vue"), {
    maxZoom: MAX_ZOOM,
    attributionControl: false, // the page says it under the map
    zoomControl: false,
    scrollWheelZoom: false, // the wheel scrolls the page
    keyboard: false, // arrows move the point
    zoomAnimation: moves,
    fadeAnimation: moves,
    markerZoomAnimation: moves,
  }).setView(at, typed ? STREET_ZOOM : TOWN_ZOOM);
  L.control.zoom({ zoomInTitle: "Agrandir la carte", zoomOutTitle: "Réduire la carte" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (root.dataset.fond) layTiles(map, root.dataset.fond, say);
  const marker = L.marker(at, { draggable: true, autoPan: true, icon: iconOf("●"), title: NAME, alt: NAME }).addTo(map);
  const element = marker.getElement();
  element.setAttribute("aria-label", NAME);

  function write(place) {
    const [lat, lon] = [place.lat, place.lng].map((degrees) => degrees.toFixed(DIGITS));
    [fields.lat.value, fields.lon.value] = [lat, lon];
    fields.lat.dispatchEvent(new Event("input", { bubbles: true }));
    say(`Point placé : latitude ${lat}, longitude ${lon}.`);
  }

  marker.on("dragend", () => write(marker.getLatLng()));
  map.on("click", ({ latlng }) => {
    marker.setLatLng(latlng);
    write(latlng);
  });
  element.addEventListener("keydown", (event) => {
    const [x, y] = MOVES[event.key] ?? [];
    if (x === undefined) return;
    event.preventDefault();
    const step = event.shiftKey ? FAR_PX : STEP_PX;
    const place = map.layerPointToLatLng(map.latLngToLayerPoint(marker.getLatLng()).add([x * step, y * step]));
    marker.setLatLng(place);
    map.panInside(place, { padding: [40, 40] });
    write(place);
  });
  for (const field of [fields.lat, fields.lon]) {
    field.addEventListener("change", () => {
      const place = typedIn(fields);
      if (!place) return;
      marker.setLatLng(place);
      map.panInside(place, { padding: [40, 40] });
    });
  }
  return map;
}

function typedIn({ lat, lon }) {
  const [one, other] = [lat, lon].map((field) => Number(field.value.trim().replace(",", ".") || NaN));
  return Math.abs(one) <= 90 && Math.abs(other) <= 180 ? L.latLng(one, other) : null;
}
