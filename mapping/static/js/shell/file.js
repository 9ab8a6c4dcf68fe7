// How is a file chosen? With our own button and drop area around a hidden native input ([data-file] of mapping.fields.FileField).

export function startFiles(root) {
  for (const area of root.querySelectorAll("[data-file-field]:not([data-ready])")) {
    area.dataset.ready = "1";
    const input = area.querySelector("input[type=file]");
    const name = area.querySelector("[data-file-name]");
    const none = name.textContent;
    const show = () => {
      name.textContent = input.files.length ? [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(", ") : none;
    };
    input.addEventListener("change", show);
    area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("is-over"); });
    area.addEventListener("dragleave", () => area.classList.remove("is-over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("is-over");
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

function size(bytes) {
  const places = bytes < 10e6 ? 1 : 0;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "KB"] : [bytes / 1e6, "MB"];
  return `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: places }).format(value)} ${unit}`;
}
