/* Shows a password for the time of checking it: the buttons are hidden until this script runs. */

for (const button of document.querySelectorAll("[data-montre]")) {
  const field = document.getElementById(button.dataset.montre);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.firstChild.data = shown ? "Masquer" : "Afficher";
  });
  // Sent as a password again, so that no browser keeps it among the words once typed.
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
}
