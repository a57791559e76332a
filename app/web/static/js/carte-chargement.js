/* Fetches Leaflet, its styles and the module that draws with it: only once somebody asks for a map. */

const STYLES = ["../vendor/leaflet/leaflet.css", "../css/carte.css"];

/* Returns the module that draws, once all that it needs is there. */
export async function loaded(module) {
  const [drawing] = await Promise.all([import(module), import("../vendor/leaflet/leaflet.js"), ...STYLES.map(styled)]);
  return drawing;
}

function styled(path) {
  const { href } = new URL(path, import.meta.url);
  if (document.querySelector(`link[href="${href}"]`)) return null;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove(); // so that another try asks again
      reject(new Error(href));
    };
    document.head.append(link);
  });
}
