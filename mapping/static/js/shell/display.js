// How large and how strong does this person want the page? Two switches in the sheet of keys, remembered in this browser.

const KEY = "datnghe.display";

export function startDisplay() {
  const chosen = JSON.parse(localStorage.getItem(KEY) || "{}");
  apply(chosen);
  for (const box of document.querySelectorAll("[data-display]")) {
    box.checked = Boolean(chosen[box.dataset.display]);
    box.addEventListener("change", () => {
      chosen[box.dataset.display] = box.checked ? box.value : "";
      localStorage.setItem(KEY, JSON.stringify(chosen));
      apply(chosen);
    });
  }
}

function apply(chosen) {
  for (const [name, value] of Object.entries(chosen)) {
    if (value) document.documentElement.dataset[name] = value;
    else delete document.documentElement.dataset[name];
  }
}
