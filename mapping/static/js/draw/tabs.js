// Which part of the panel is shown? Tabs that the address remembers (#toa-do); an address of a section inside opens it.

export function startTabs(root, shown) {
  const tabs = [...root.querySelectorAll("[data-tab]")];
  const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
  const show = (name, { remember = true } = {}) => {
    const chosen = tabs.find((tab) => tab.dataset.tab === name) || tabs[0];
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      panel(tab).hidden = !on;
    }
    if (remember) history.replaceState(null, "", `#${chosen.dataset.tab}`);
    shown?.(chosen.dataset.tab);
  };
  const fromAddress = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name) return;
    const section = document.getElementById(name);
    const holder = section?.closest("[role=tabpanel]");
    if (holder && section !== holder) {
      show(holder.id.replace(/^tab-/, ""), { remember: false });
      if (section.tagName === "DETAILS") section.open = true;
      section.scrollIntoView({ block: "start" });
    } else show(name, { remember: false });
  };
  root.addEventListener("click", (event) => { const tab = event.target.closest("[data-tab]"); if (tab) show(tab.dataset.tab); });
  root.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus();
    show(next.dataset.tab);
  });
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
  return show;
}
