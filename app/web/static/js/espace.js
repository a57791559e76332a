/* On every page of the partners' space: erases what this browser kept of forms, once it must no longer be there. */

export const PREFIX = "eventail-saisie:";
const DAY_MS = 24 * 60 * 60 * 1000;

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return []; // this browser keeps nothing
  }
}

function isOld(name) {
  try {
    return !(Date.now() - JSON.parse(localStorage.getItem(name)).le < DAY_MS);
  } catch {
    return true;
  }
}

const published = document.querySelector("[data-oublier-saisie]")?.dataset.oublierSaisie;
for (const name of names()) {
  if (isOld(name) || name === `${PREFIX}${published}`) localStorage.removeItem(name);
}

function forgetAll() {
  for (const name of names()) localStorage.removeItem(name);
}

document.querySelector("[data-deconnexion]")?.addEventListener("submit", forgetAll);
// Leaving in a hurry leaves nothing behind.
document.querySelector(".quit")?.addEventListener("click", forgetAll);
