/* Keeps what is typed in this browser until it is published, enciphered with the key of its author.

   A computer is often shared: what is kept survives a closed tab, but says nothing to anybody who is not signed in to the
   same account, and is erased after a day, at signing out, and once it is published (espace.js). */

import { PREFIX } from "./espace.js";

const ALGORITHM = "AES-GCM";
const IV_BYTES = 12; // what AES-GCM asks for

/* Returns the memory of a form, null where the browser has no cipher (plain http) or keeps nothing. */
export async function openMemory(form) {
  if (!globalThis.crypto?.subtle) return null;
  const raw = bytesOf(form.dataset.cle);
  const key = await crypto.subtle.importKey("raw", raw, ALGORITHM, false, ["encrypt", "decrypt"]);
  const name = `${PREFIX}${form.dataset.memoire}`;
  return {
    async keep(typed) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const clear = new TextEncoder().encode(JSON.stringify(typed));
      const said = await crypto.subtle.encrypt({ name: ALGORITHM, iv }, key, clear);
      try {
        localStorage.setItem(name, JSON.stringify({ le: Date.now(), iv: textOf(iv), dit: textOf(new Uint8Array(said)) }));
      } catch {
        // Full, or forbidden: the page goes on without a memory.
      }
    },
    /* Returns when something was kept and what, null when there is nothing that this account may read. */
    async recall() {
      try {
        const { le, iv, dit } = JSON.parse(localStorage.getItem(name) ?? "null");
        const clear = await crypto.subtle.decrypt({ name: ALGORITHM, iv: bytesOf(iv) }, key, bytesOf(dit));
        return { le: new Date(le), typed: JSON.parse(new TextDecoder().decode(clear)) };
      } catch {
        return null;
      }
    },
    forget() {
      localStorage.removeItem(name);
    },
  };
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function textOf(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
