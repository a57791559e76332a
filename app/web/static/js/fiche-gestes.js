/* The buttons inside the form: what they do comes back as one field, without another page.

   Whatever the site answers instead, the button does what it does without this script. */

import { Away, OFFLINE, ask, parsed } from "./fiche-envoi.js";

const TREE = /^(ajouter|grouper|retirer|choisir):([a-z_]+)(\.[\d.]+)?$/;
const HOURS = /^horaires:/;

export function installGestures(form, { changed, leave, say }) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const champ = fieldOf(button?.value ?? "");
    if (button?.name !== "faire" || !champ) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      await act(form, button.value, champ);
      changed();
    } catch (fault) {
      if (fault instanceof Away) say(OFFLINE);
      else leave(button.value);
    } finally {
      form.ariaBusy = "false";
    }
  });
}

function fieldOf(faire) {
  if (HOURS.test(faire)) return "horaires_accueil";
  return TREE.exec(faire)?.[2] ?? "";
}

async function act(form, faire, champ) {
  const old = document.getElementById(champ);
  const known = new Set(idsOf(old));
  const fresh = parsed(await ask(form, faire, champ)).querySelector(`[id="${champ}"]`);
  old.replaceWith(fresh); // throws when the answer is another page: the button then does it
  placeOfFocus(fresh, faire, known).focus();
}

function idsOf(root) {
  return [...root.querySelectorAll("[id]")].map((element) => element.id);
}

/* Returns where one goes on: the new condition, its answers, or what stood before the removed one. */
function placeOfFocus(root, faire, known) {
  const [, gesture, , path = ""] = TREE.exec(faire) ?? [];
  const chemin = `${root.id}${path}`;
  const first = (selector, from = root) => from.querySelector(selector);
  if (gesture === "choisir") {
    const branch = document.getElementById(chemin);
    return first(".box-list input, .branch-bounds :is(input, select), textarea", branch) ?? first("select", branch);
  }
  if (gesture === "retirer") {
    const above = chemin.slice(0, chemin.lastIndexOf("."));
    const rank = Number(chemin.slice(chemin.lastIndexOf(".") + 1));
    const near = document.getElementById(chemin) ?? document.getElementById(`${above}.${rank - 1}`);
    return near ?? first(`button[value="ajouter:${above}"]`) ?? root;
  }
  const added = [...root.querySelectorAll(".branch, .day input")].find((element) => element.id && !known.has(element.id));
  const target = added?.matches(".branch") ? (first("select", added) ?? added) : added;
  return target ?? first("input:not([type=hidden])") ?? root;
}
