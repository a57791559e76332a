/* Sharing and printing, where the browser can: the buttons are hidden until this script finds that they work. */

const said = document.querySelector("[data-said]");

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // plain http: the address can still be selected in its field
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Adresse copiée.";
    } catch {
      field.select();
      said.textContent = "L’adresse est sélectionnée : copiez-la avec Ctrl+C.";
    }
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  const { title, text, url } = button.dataset;
  button.addEventListener("click", () => navigator.share({ title, text, url }).catch(() => {})); // closed by the reader
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
