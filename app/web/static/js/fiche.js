/* The form of a listing, with a script: the result as one types, buttons without another page, drafts, lost networks.

   Without this script the form does all of it by its buttons. Each part is a module of its own. */

import { OFFLINE, Refused, ask, typedIn } from "./fiche-envoi.js";
import { installPreview } from "./fiche-apercu.js";
import { installGestures } from "./fiche-gestes.js";
import { openMemory } from "./fiche-memoire.js";
import { installPoint } from "./fiche-point.js";

const AUTOSAVE_MS = 20_000; // without a key: long enough to think, short enough to lose little
const KEEP_MS = 1_000;
const NOT_OURS = new Set(["csrf_token", "base", "identifiant", "faire", "fragment", "semblables"]);
const ENDED = "Votre connexion est terminée : publiez pour vous reconnecter, rien ne sera perdu.";
const NOT_KEPT = "Le brouillon n’a pas pu être enregistré : réessayez.";

const form = document.querySelector("[data-fiche]");
if (form) install(form);

function install(form) {
  const state = form.querySelector("[data-etat]");
  const say = (text) => (state.textContent = text);
  let saved = form.dataset.enregistree ? contentOf(form) : null;
  let isLeaving = false;
  let [autosave, keeping] = [0, 0];
  let memory = null;
  const isDirty = () => contentOf(form) !== saved;

  const refresh = installPreview(form);
  installPoint(form);
  installGestures(form, { changed, leave, say });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", pressed);
  addEventListener("pageshow", () => {
    isLeaving = false;
    form.removeAttribute("aria-busy");
    form.querySelector("[data-geste]")?.remove();
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && isDirty()) event.preventDefault();
  });
  // Who signs out, or leaves in a hurry, is asked nothing, and nothing is kept behind them.
  const gone = () => {
    isLeaving = true;
    clearTimeout(keeping);
    memory = null;
  };
  document.querySelector("[data-deconnexion]")?.addEventListener("submit", gone);
  document.querySelector(".quit")?.addEventListener("click", gone);
  openMemory(form).then((opened) => {
    memory = opened;
    offer();
  });

  function changed() {
    clearTimeout(autosave);
    clearTimeout(keeping);
    keeping = setTimeout(() => memory?.keep(typedIn(form).filter(([name]) => name !== "csrf_token")), KEEP_MS);
    if (form.dataset.brouillon) autosave = setTimeout(() => isDirty() && keepDraft(), AUTOSAVE_MS);
  }

  /* Sends the form as a whole; a form sent by a script has no button, so what it says goes along. */
  function leave(faire) {
    isLeaving = true;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "faire", value: faire });
    field.dataset.geste = "";
    form.append(field);
    HTMLFormElement.prototype.submit.call(form);
  }

  async function keepDraft() {
    const content = contentOf(form);
    clearTimeout(autosave);
    clearTimeout(keeping);
    try {
      say(await ask(form, "brouillon", "brouillon"));
      saved = content;
      memory?.forget();
    } catch (fault) {
      say(fault instanceof Refused ? (fault.status === 401 ? ENDED : NOT_KEPT) : OFFLINE);
    }
  }

  async function pressed(event) {
    const faire = event.submitter?.value ?? "";
    if (isLeaving || form.getAttribute("aria-busy") === "true") {
      event.preventDefault(); // pressed twice
      return;
    }
    if (faire === "brouillon") {
      event.preventDefault();
      await keepDraft();
      return;
    }
    if (faire === "apercu") {
      event.preventDefault();
      say("");
      if (await refresh()) form.querySelector("#apercu")?.focus();
      else say(OFFLINE);
      return;
    }
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    await memory?.keep(typedIn(form).filter(([name]) => name !== "csrf_token"));
    if (await answers()) {
      leave(faire);
    } else {
      form.removeAttribute("aria-busy");
      say(`${OFFLINE} Appuyez de nouveau quand la connexion sera revenue.`);
      event.submitter?.focus();
    }
  }

  /* Offers what this browser has kept, when the page says another thing. */
  async function offer() {
    const kept = await memory?.recall();
    if (!kept || contentOf(kept.typed) === contentOf(form)) return;
    const region = document.querySelector("[data-reprise]");
    const hour = kept.le.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" }).replace(":", " h ");
    region.querySelector("[data-reprise-quand]").textContent = `Gardé dans ce navigateur à ${hour}.`;
    region.querySelector("[data-reprendre]").addEventListener("click", () => {
      isLeaving = true;
      const again = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
      const own = ["csrf_token", ...("identifiant" in form.elements ? ["identifiant"] : [])];
      const pairs = kept.typed.filter(([name]) => name !== "identifiant");
      pairs.push(...own.map((name) => [name, form.elements[name].value]), ["faire", "reprendre"]);
      again.append(...pairs.map(([name, value]) => hiddenField(name, value)));
      document.body.append(again);
      again.submit();
    });
    region.querySelector("[data-oublier]").addEventListener("click", () => {
      memory.forget();
      region.hidden = true;
      document.querySelector("h1").focus();
    });
    region.hidden = false;
  }
}

/* Returns what is typed, as one text that two forms can be compared by. */
function contentOf(source) {
  const pairs = source instanceof HTMLFormElement ? typedIn(source) : source;
  return JSON.stringify(pairs.filter(([name]) => !NOT_OURS.has(name)).map(([name, value]) => [name, value.replace(/\r\n/g, "\n")]));
}

/* A field of several lines keeps its lines, which an input would lose. */
function hiddenField(name, value) {
  return Object.assign(document.createElement("textarea"), { name, value });
}

/* Tells whether the site answers: a form that cannot leave would lead to a page of the browser. */
async function answers() {
  try {
    await fetch(import.meta.url, { method: "HEAD", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}
