// How does a person type a sum without counting zeros? The digits are grouped while she types; the caret stays where it was.
import { number } from "datnghe/shell/number.js";

// Only digits and this language's own mark are regrouped: "-5", "1,5" or "1e9" stay as typed and the server asks about them.
const MARK = number(1000).replace(/\d/g, "").slice(0, 1);
const plain = (text) => [...text].every((one) => /[\d\s]/.test(one) || one === MARK);
const digits = (text) => text.replace(/\D/g, "");

function group(field) {
  const before = digits(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
  const bare = digits(field.value);
  const text = bare ? number(Number(bare)) : "";
  if (text === field.value) return;
  field.value = text;
  let at = 0;
  for (let seen = 0; at < text.length && seen < before; at += 1) if (/\d/.test(text[at])) seen += 1;
  if (document.activeElement === field) field.setSelectionRange(at, at);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-money]") && plain(event.target.value) && digits(event.target.value).length <= 15) group(event.target);
});
for (const field of document.querySelectorAll("[data-money]")) if (plain(field.value)) group(field);
