// What does the style sheet's map show? The shared map with the severity key.
import { createMap } from "datnghe/map/basemap.js";
import { addLegend } from "datnghe/map/legend.js";
import { installPatterns, SEVERITIES, swatch } from "datnghe/map/patterns.js";
import { el } from "datnghe/shell/dom.js";

installPatterns();
const list = document.getElementById("swatches");
for (const code of Object.keys(SEVERITIES)) list.append(el("li", { class: "row" }, swatch(code), el("span", { class: "small" }, code)));
const { map, settings, basemap } = await createMap(document.getElementById("map"));
addLegend(map, settings, { severities: true, basemap });
