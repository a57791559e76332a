/* Opens and closes the map on which the point of a listing is placed; nothing is fetched before that. */

import { loaded } from "./carte-chargement.js";

const NO_MAP = "La carte n’a pas pu être chargée : écrivez la latitude et la longitude.";

export function installPoint(form) {
  const root = form.querySelector("[data-point]");
  const fields = { lat: form.elements.latitude, lon: form.elements.longitude };
  if (!root || !fields.lat) return;
  const button = root.querySelector("button");
  const view = root.querySelector("#point-carte");
  const state = root.querySelector("[data-point-etat]");
  const say = (text) => (state.textContent = text);
  let map = null;
  button.addEventListener("click", async () => {
    const isShown = view.hidden;
    try {
      const { draw } = isShown ? await loaded("./point.js") : {};
      view.hidden = !isShown;
      button.setAttribute("aria-expanded", String(isShown));
      if (isShown) map ??= draw(root, fields, say);
      say("");
    } catch {
      view.hidden = true;
      say(NO_MAP);
    }
  });
  root.hidden = false;
}
