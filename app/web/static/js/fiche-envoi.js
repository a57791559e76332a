/* Sends the form as its buttons do, and asks for a part of the page only. */

export const OFFLINE = "Le site ne répond pas : vérifiez la connexion. Rien de ce que vous avez écrit n’est perdu.";

/* Returns the fields of the form as a browser sends them, without its button. */
export function typedIn(form) {
  return [...new FormData(form).entries()];
}

/* Returns the text of the part asked for. Throws `Refused` when the site answers anything else, `Away` when it does not. */
export async function ask(form, faire, fragment, signal) {
  const body = new URLSearchParams([...typedIn(form), ["faire", faire], ["fragment", fragment]]);
  let response;
  try {
    response = await fetch(form.action, { method: "POST", body, signal, redirect: "error" });
  } catch (fault) {
    throw signal?.aborted ? fault : new Away();
  }
  if (!response.ok) throw new Refused(response.status);
  return response.text();
}

export class Away extends Error {}

export class Refused extends Error {
  constructor(status) {
    super(`${status}`);
    this.status = status;
  }
}

/* Returns the elements of a fragment; nothing in it runs. */
export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}
