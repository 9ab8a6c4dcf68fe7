// What goes into a downloaded file? What the list shows; on wish only what lies on the map now, or what is ticked.

/** Give the links of every download control the place and the rows that its boxes ask for, at the moment of the click. */
export function startDownloads() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-download] a[data-href]");
    if (!link) return;
    const control = link.closest("[data-download]");
    const address = new URL(link.dataset.href, location.href);
    const place = document.getElementById("map")?.dataset.bbox;
    if (control.querySelector("[data-download-map]")?.checked && place) address.searchParams.set("bbox", place);
    if (control.querySelector("[data-download-ticks]")?.checked) {
      const ticked = [...document.querySelectorAll("[data-tick]:checked")].map((box) => box.dataset.tick);
      address.searchParams.set("ids", ticked.join(",") || "0");
    }
    link.href = address.pathname + address.search;
    control.open = false;
  });
}
