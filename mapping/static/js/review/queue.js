// Where do the waiting proposals lie? Table and map point at each other; two to four ticks allow a comparison.
/* global L */
import { createMap } from "datnghe/map/basemap.js";
import { installPatterns, severityStyle } from "datnghe/map/patterns.js";
import { el, jsonData } from "datnghe/shell/dom.js";

const rows = new Map([...document.querySelectorAll("tr[data-code]")].map((row) => [row.dataset.code, row]));

function watchTicks() {
  const form = document.getElementById("queue-form");
  const button = document.querySelector("[data-compare]");
  if (!button) return;
  const why = document.querySelector("[data-compare-why]");
  const refresh = () => {
    const ticked = form.querySelectorAll('input[name="ho-so"]:checked').length;
    button.disabled = ticked < 2 || ticked > 4;
    why.hidden = !button.disabled;
  };
  form.addEventListener("change", refresh);
  refresh();
}

async function drawQueue() {
  const data = jsonData("queue-data");
  installPatterns();
  const zones = L.geoJSON(data);
  const fit = data.features.length ? zones.getBounds().pad(0.4) : null;
  const { map } = await createMap(document.getElementById("map"), fit ? { fit } : {});
  L.geoJSON(data, {
    style: (feature) => severityStyle(feature.properties.sev),
    onEachFeature: (feature, layer) => {
      const { code, name, href } = feature.properties;
      layer.bindTooltip(el("span", {}, `${name} · ${code}`), { sticky: true });
      layer.on({
        mouseover: () => light(layer, true),
        mouseout: () => light(layer, false),
        click: () => { location.href = href; },
      });
      const row = rows.get(code);
      row?.addEventListener("mouseenter", () => light(layer, true));
      row?.addEventListener("mouseleave", () => light(layer, false));
      row?.addEventListener("focusin", () => light(layer, true));
      row?.addEventListener("focusout", () => light(layer, false));
      // a far zone is a few pixels: a dot keeps it findable
      L.circleMarker(layer.getBounds().getCenter(), { radius: 5, ...severityStyle(feature.properties.sev), weight: 2, fillOpacity: 0.6, interactive: false }).addTo(map);
    },
  }).addTo(map);
}

function light(layer, on) {
  layer.setStyle(severityStyle(layer.feature.properties.sev, { active: on }));
  rows.get(layer.feature.properties.code)?.classList.toggle("is-active", on);
}

watchTicks();
drawQueue();
