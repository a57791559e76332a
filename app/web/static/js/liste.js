/* The shortlist, kept in this browser: only the ids of offers, never sent but when the list is opened.

   Without this script the list travels in the addresses of pages; with it, a press keeps an offer without leaving. */

const KEY = "eventail-liste";
const MAX = 30; // as the server reads
const link = document.querySelector("[data-liste]");
const state = document.querySelector("[data-liste-etat]");

function kept() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/* Returns false where the browser keeps nothing: the links then do the work. */
function keep(ids) {
  try {
    if (ids.length) localStorage.setItem(KEY, JSON.stringify(ids));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

function address(ids) {
  const { pathname } = new URL(link.href, location.href);
  const query = new URLSearchParams(ids.map((id) => ["liste", id])).toString();
  return query ? `${pathname}?${query}` : pathname;
}

function show() {
  const ids = kept();
  link.href = address(ids);
  link.querySelector("[data-liste-nombre]").textContent = ids.length ? `(${ids.length})` : "";
  for (const toggle of document.querySelectorAll("[data-garder]")) {
    const isKept = ids.includes(toggle.dataset.garder);
    toggle.classList.toggle("is-kept", isKept);
    toggle.querySelector("[data-garder-texte]").textContent = isKept ? "Retirer de ma liste" : "Garder";
  }
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-garder]");
  if (toggle) {
    const ids = kept();
    const id = toggle.dataset.garder;
    const isKept = ids.includes(id);
    if (!isKept && ids.length >= MAX) {
      event.preventDefault();
      state.textContent = `Votre liste est pleine : ${MAX} offres au plus.`;
      return;
    }
    if (!keep(isKept ? ids.filter((other) => other !== id) : [...ids, id])) return;
    event.preventDefault();
    show();
    state.textContent = isKept ? "Offre retirée de votre liste." : `Offre gardée. Votre liste en a ${kept().length}.`;
  }
  const removed = event.target.closest("[data-retirer]");
  if (removed) keep(kept().filter((id) => id !== removed.dataset.retirer));
  // Leaving in a hurry leaves nothing behind.
  if (event.target.closest("[data-vider], .quit")) keep([]);
});

if (link) {
  const named = new URLSearchParams(location.search).getAll("liste");
  const isList = document.querySelector("[data-ma-liste]");
  if (isList && !named.length && kept().length) location.replace(address(kept()));
  // Pressed before this script was there, a link has put the offer in the address. A list opened from a link that
  // somebody shared stays theirs.
  if (!isList && named.length) keep([...new Set([...kept(), ...named])].slice(0, MAX));
  show();
  addEventListener("storage", show);
  addEventListener("pageshow", show); // back from a sheet, the page is shown as it was left
}
