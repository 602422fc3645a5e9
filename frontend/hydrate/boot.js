// Brings the islands of a page to life. The build writes the real, hashed names of the two files over the ones here.
// Pages without islands download nothing, and everything works before (and without) this script.

const ready = () => document.body.setAttribute("data-hydrated", "");

/** Wakes islands from the outside in: an outer island hands its context to those among its children. */
function wake(node, islands, outer) {
  const name = node.localName;
  if (name === "leptos-children") {
    outer = node.$$on_hydrate;
  } else if (name === "leptos-island") {
    const start = islands[node.dataset.component];
    if (start) {
      outer?.();
      start(node);
    } else {
      console.warn(`This build has no island ${node.dataset.component}.`);
    }
  }
  for (const child of [...node.children]) wake(child, islands, outer);
}

async function boot() {
  if (!document.querySelector("leptos-island")) return ready();
  // Both downloads begin at once; the first is awaited inside the second's start.
  const wasm = fetch(new URL("./islands.wasm", import.meta.url));
  const islands = await import("./islands.js");
  await islands.default({ module_or_path: wasm });
  islands.hydrate();
  wake(document.body, islands, undefined);
  ready();
}

/** Closes open menus but those that hold an element: one that looks elsewhere has done with a menu. */
function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.menu[open], details.bar-more[open]"))
    if (!but || !menu.contains(but)) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement?.closest("details.menu[open], details.bar-more[open]");
  if (!menu) return;
  menu.querySelector("summary").focus();
  closeMenus();
});

boot();
