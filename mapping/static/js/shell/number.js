// How are numbers, areas and money written in the browser? Same rules as mapping/formats.py.
const vietnamese = () => document.documentElement.lang === "vi";
const NBSP = "\u00a0";

export function number(value, places = 0, trim = false) {
  if (value === null || value === undefined || !Number.isFinite(Number(value))) return "–";
  const text = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: trim ? 0 : places,
    maximumFractionDigits: places,
  }).format(Number(value)).replace("-", "−").replace(/^−(0(\.0*)?)$/, "$1");
  return vietnamese() ? text.replace(/[,.]/g, (mark) => (mark === "," ? "." : ",")) : text;
}

const unit = (text, name) => (text === "–" ? text : text + NBSP + name);
export const ha = (value, places = 2) => unit(number(value, places), "ha");
export const m2 = (value) => unit(number(value), "m²");
export const m2AsHa = (value, places = 2) => ha(value === null || value === undefined ? null : value / 10000, places);
export const percent = (share, places = 1) => unit(number(share === null || share === undefined ? null : share * 100, places), "%");
export const metres = (value) => {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= 10000) return unit(number(value / 1000, 1), "km");
  return unit(number(value, Math.abs(value) < 10 ? 2 : 0), "m");
};
export const vnd = (value) => unit(number(value), gettext("đồng"));
export function vndShort(value) {
  if (Math.abs(value) >= 1e9) return interpolate(gettext("%(amount)s billion đồng"), { amount: number(value / 1e9, 2, true) }, true);
  if (Math.abs(value) >= 1e6) return interpolate(gettext("%(amount)s million đồng"), { amount: number(value / 1e6, 1, true) }, true);
  return vnd(value);
}
