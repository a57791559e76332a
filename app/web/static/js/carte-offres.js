/* The offers of a map, as their cards say them: names for the marks, and the bubble that a mark opens.

   Texts of listings go from the page to the map as text, never as markup. */

const IN_LIST = "Voir dans la liste";
const APPROXIMATE = "position approximative";

/* Returns what a card says of itself; the point of a sheet has neither number nor link. */
export function read(node) {
  const textOf = (selector) => node.querySelector(selector)?.textContent.trim() ?? "";
  const link = node.querySelector(".card-title a");
  return {
    node,
    link,
    rank: link ? node.value : 0,
    name: link ? link.textContent.trim() : document.querySelector("h1").textContent.trim(),
    structure: textOf(".card-structure"),
    distance: textOf(".facts strong"),
    isApproximate: "approx" in node.dataset,
  };
}

/* Returns the name of a mark, which begins with what is written on it. */
export function nameOf(group) {
  const names = group.map((item) => {
    const said = [item.name, item.structure, item.isApproximate ? APPROXIMATE : ""].filter(Boolean).join(", ");
    return `${item.rank || ""} ${said}`.trim();
  });
  return group.length > 1 ? `${signOf(group)} offres\u00a0: ${names.join("\u00a0; ")}` : names[0];
}

/* Returns what is written on a mark: the number of its card, or how many there are. */
export function signOf(group) {
  return group.length > 1 ? `×${group.length}` : `${group[0].rank || ""}`;
}

/* Returns the content of a bubble; `leave` is called before the focus goes back to the list. */
export function bubbleOf(group, leave) {
  const rows = group.map((item) => {
    const details = [item.structure, item.distance, item.isApproximate ? APPROXIMATE : ""].filter(Boolean);
    const toList = make("button", { type: "button", textContent: IN_LIST, ariaLabel: `${IN_LIST}\u00a0: ${item.name}` });
    toList.addEventListener("click", () => {
      leave();
      item.link.focus();
    });
    const title = make("a", { href: item.link.href, textContent: item.name });
    return make("li", {}, make("strong", {}, `${item.rank}. `, title), ...details.map((text) => make("span", {}, text)), toList);
  });
  return make("ul", { className: "carte-bulle" }, ...rows);
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
