/* The result, as one types: the sections and what each needs, and what a person will read.

   It never takes the focus, is said once one has stopped, and only the newest answer is shown. */

import { ask, parsed } from "./fiche-envoi.js";

const CALM_MS = 900; // after the last key: the pause of somebody who reads what they wrote
const SHOWN = "Le résultat est à jour.";
const WAITS = "Le résultat attend que la fiche soit corrigée.";
const AWAY = "Le résultat n’a pas pu être mis à jour : le site ne répond pas.";
const ENDED = "Votre connexion est terminée : publiez pour vous reconnecter, rien ne sera perdu.";

export function installPreview(form) {
  const said = form.querySelector("[data-annonce]");
  let timer = 0;
  let asked = null;

  /* Shows the result now; returns whether it could. */
  async function refresh(isSilent = false) {
    clearTimeout(timer);
    asked?.abort(); // an older answer would undo a newer one
    const mine = (asked = new AbortController());
    try {
      const body = parsed(await ask(form, "apercu", "apercu", mine.signal));
      if (mine.signal.aborted) return false;
      for (const part of body.querySelectorAll("[data-part]")) swap(form, part);
      if (!isSilent) say(form.querySelector("#apercu button") ? SHOWN : WAITS);
      return true;
    } catch (fault) {
      if (mine.signal.aborted) return false;
      if (!isSilent) say(fault.status === 401 ? ENDED : AWAY);
      return false;
    }
  }

  function say(text) {
    // The same words again are said by nobody: only what is new is worth an interruption.
    if (said.textContent !== text) said.textContent = text;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => refresh(), CALM_MS);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // A listing that exists is shown as it is; an empty form has nothing to show yet.
  if (form.dataset.enregistree && !("identifiant" in form.elements)) refresh(true);
  return refresh;
}

function swap(form, part) {
  const old = form.querySelector(`[data-part="${part.dataset.part}"]`);
  if (!old || old.contains(document.activeElement)) return; // its reader is there
  const open = [...old.querySelectorAll("details")].map((details) => details.open);
  part.querySelectorAll("details").forEach((details, rank) => (details.open = Boolean(open[rank])));
  old.replaceChildren(...part.childNodes);
}
