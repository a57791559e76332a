/* Opens and closes the map that a page announces (macros/carte.html).

   Without this script there is no map and no button. With it, nothing more is fetched until the button is pressed: then
   the style sheets, Leaflet and carte-dessin.js come from this site, and only the background from another. */

import { loaded } from "./carte-chargement.js";

const NO_MAP = "La carte n’a pas pu être chargée.";

const root = document.querySelector("[data-carte]");
if (root) install();

function install() {
  const [before, after, state] = ["avant", "apres", "etat"].map((part) => root.querySelector(`[data-${part}]`));
  const [open, close] = [before, after].map((part) => part.querySelector("button"));
  let map = null;

  function show(isShown) {
    before.hidden = isShown;
    after.hidden = !isShown;
    // The cards have numbers only beside the marks that bear the same.
    document.querySelector(".cards")?.classList.toggle("is-numbered", isShown);
  }

  open.addEventListener("click", async () => {
    state.textContent = "";
    try {
      const { draw } = await loaded("./carte-dessin.js");
      show(true);
      map ??= draw(root, (fault) => (state.textContent = fault));
      state.textContent ||= root.dataset.affichee;
      after.querySelector("[tabindex]").focus({ preventScroll: true });
      after.scrollIntoView({ block: "nearest" });
    } catch {
      show(false);
      state.textContent = NO_MAP;
    }
  });
  close.addEventListener("click", () => {
    show(false);
    state.textContent = "";
    open.focus();
  });
  root.hidden = false;
}
