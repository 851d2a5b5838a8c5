// Adds swapping, shortcuts, countdowns and a warning before losing input. Every page works without it.

const page = document.body;
// ---- Shortcuts: single keys, outside fields only; can be switched off (WCAG 2.1.4).

const dialog = document.getElementById("shortcuts");

function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]") !== null;
}

let waitingForSecondKey = 0;

function goTo(letter) {
  const link = dialog?.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
}

function followPageKey(letter) {
  const target = document.querySelector(`[data-shortcut="${CSS.escape(letter)}"]`);
  if (target) { target.focus(); target.click(); }
  return target !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") { closeMenus(); return; }
  if (isTyping(event.target)) return;
  if (page.dataset.shortcuts === "off" || dialog?.open) return;
  if (Date.now() < waitingForSecondKey) {
    waitingForSecondKey = 0;
    goTo(event.key);
    event.preventDefault();
  } else if (event.key === "g") {
    waitingForSecondKey = Date.now() + 1500;
  } else if (event.key === "/") {
    const box = document.getElementById("search-q");
    if (box) { box.focus(); box.select(); event.preventDefault(); }
  } else if (event.key === "?") {
    dialog?.showModal();
    event.preventDefault();
  } else if (event.key === "n" || event.key === "e") {
    if (followPageKey(event.key)) event.preventDefault();
  }
});

for (const button of document.querySelectorAll("[data-open-shortcuts]")) {
  button.hidden = !dialog;
  button.addEventListener("click", () => dialog.showModal());
}

// ---- What stands under a sticky bar has no visible focus: scrolling leaves room for the bar as it is now.

const bar = document.querySelector(".identity");
if (bar) {
  new ResizeObserver(() => {
    const stuck = getComputedStyle(bar).position === "sticky";
    document.documentElement.style.scrollPaddingTop = stuck ? `${bar.offsetHeight + 8}px` : "";
  }).observe(bar);
}

// ---- Menus are details elements: close on Escape and when the focus or a click goes elsewhere.

function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu === except) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details[data-menu]")));
document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

// ---- Focus: an error summary takes it; after a swap it stays, or goes to the new heading.

document.querySelector("[data-focus]")?.focus();

let focusedBefore = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  focusedBefore = event.detail.target?.contains(active) ? active.id || true : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const fresh = event.detail.elt;
  const wanted = fresh?.querySelector?.("[data-focus]");
  if (wanted) { wanted.focus(); return; }
  if (focusedBefore === null || page !== document.activeElement) return;
  const same = typeof focusedBefore === "string" ? document.getElementById(focusedBefore) : null;
  const heading = same ?? fresh?.querySelector?.("h1, h2, h3");
  if (heading) {
    if (!same) heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
});

// ---- A failed request: say so where the person is looking, keep the page and the input, offer to try again.

const notSent = document.getElementById("not-sent");

function announceFailure(element, again) {
  if (!notSent) return;
  for (const old of document.querySelectorAll(".not-sent")) old.remove();
  const box = notSent.content.firstElementChild.cloneNode(true);
  if (element?.dataset?.failed) box.querySelector("[data-words]").textContent = element.dataset.failed;
  box.querySelector("[data-again]").addEventListener("click", () => { box.remove(); again(); });
  const form = element?.closest?.("form");
  const place = form?.querySelector(".form-actions") ?? form?.querySelector("button:last-of-type");
  if (place) place.before(box); else document.getElementById("messages")?.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

// What the server refused opens as a page of its own: it says why, and a page about two versions shows both.
function asPage(element) {
  if (element instanceof HTMLFormElement) element.submit(); else location.assign(element.href || location.href);
}

function failed(event) {
  const { elt, requestConfig, xhr } = event.detail;
  const status = xhr?.status ?? 0;
  const submitter = requestConfig?.triggeringEvent?.submitter ?? null;
  announceFailure(elt, () => {
    if (status >= 400 && status < 500) asPage(elt);
    else if (elt instanceof HTMLFormElement) elt.requestSubmit(submitter);
    else elt.click();
  });
}

for (const kind of ["sendError", "responseError", "timeout"]) document.addEventListener(`htmx:${kind}`, failed);

// A plain form without a connection would end on the browser's own error page.
document.addEventListener("submit", (event) => {
  if (navigator.onLine !== false || event.target.method === "dialog") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  announceFailure(event.target, () => event.target.requestSubmit(event.submitter));
}, true);

// ---- Leaving unsaved input warns.

const dirty = new Set(document.querySelectorAll("form[data-unsaved]"));
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-warn-unsaved")) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) dirty.delete(event.detail.elt); });
// In a form of many rows that are saved one by one, only what is still chosen is not saved yet.
document.addEventListener("htmx:afterSettle", () => {
  for (const form of dirty) if (form.hasAttribute("data-rows") && !form.querySelector("input:checked")) dirty.delete(form);
});
// The lock takes along what is not saved yet, and then may leave without a question.
document.addEventListener("leidraad:lock", (event) => {
  for (const form of dirty) if (form.isConnected) { event.detail.form ??= form; }
  dirty.clear();
});
addEventListener("beforeunload", (event) => {
  for (const form of dirty) if (!form.isConnected) dirty.delete(form);
  if (dirty.size) event.preventDefault();
});

// ---- Countdowns: <span data-until="ISO moment" data-template="nog {}"> shows what is left, beside the absolute time.

function left(until) {
  const minutes = Math.max(0, Math.floor((until - Date.now()) / 60000));
  const hours = Math.floor(minutes / 60);
  const { hour = "u", minute = "min" } = page.dataset;
  return hours ? `${hours} ${hour} ${minutes % 60} ${minute}` : `${minutes} ${minute}`;
}

function tick() {
  for (const element of document.querySelectorAll("[data-until]")) {
    const until = Date.parse(element.dataset.until);
    if (!Number.isNaN(until)) element.textContent = (element.dataset.template ?? "{}").replace("{}", left(until));
  }
}

tick();
setInterval(tick, 15000);
document.addEventListener("htmx:afterSettle", tick);

// ---- On narrow screens long menus and filters start closed; on wide ones they stand open.

const narrow = matchMedia("(max-width: 900px)");
function fold() {
  for (const part of document.querySelectorAll("details[data-close-narrow]")) part.open = !narrow.matches;
}
if (narrow.matches) fold();
narrow.addEventListener("change", fold);

// ---- Tick all: <input type=checkbox data-tick-all="row" hidden> ticks every box with that name; shown by script only.

for (const box of document.querySelectorAll("[data-tick-all]")) {
  box.hidden = false;
  box.closest("label")?.removeAttribute("hidden");
  box.addEventListener("change", () => {
    for (const row of document.getElementsByName(box.dataset.tickAll)) row.checked = box.checked;
  });
}

// ---- Print buttons need a script; without one the browser's own menu prints.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
