// Warns before the session locks, locks the page in time, and shows nothing of a page that comes back from the browser's memory.
// The server locks by itself as well: this only makes it gentle, and hides what stands on the screen.

const warning = document.getElementById("lock-warning");

if (warning) {
  const { lockMinutes, lockMinutesPhone, lockWarn } = document.body.dataset;
  const warn = Number(lockWarn) * 1000;
  const phone = matchMedia("(max-width: 600px)");
  const leftWords = warning.querySelector("[data-lock-left]");
  const limit = () => (phone.matches ? lockMinutesPhone : lockMinutes) * 60000;
  const left = () => limit() - (Date.now() - seen);
  let seen = Date.now();
  let told = Date.now();
  let locking = false;

  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const send = (address, fields = {}) => fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": token() },
    body: new URLSearchParams(fields),
    keepalive: true,
  });

  function hide() {
    document.documentElement.classList.add("is-locked");
  }

  // Another tab may have been at work: the server knows.
  async function ask(method = "GET") {
    const answer = await (method === "POST" ? send(warning.dataset.state) : fetch(warning.dataset.state));
    const state = await answer.json();
    if (!state.signed_in) leave();
    else seen = Math.max(seen, Date.now() - state.idle * 1000);
  }

  function leave() {
    hide();
    document.dispatchEvent(new CustomEvent("leidraad:lock", { detail: {} }));
    location.replace(warning.dataset.signIn);
  }

  async function lock() {
    if (locking) return;
    locking = true;
    hide();
    const taken = { form: null };
    document.dispatchEvent(new CustomEvent("leidraad:lock", { detail: taken }));
    const fields = { by: "script" };
    if (taken.form?.method === "post") {
      const typed = [...new FormData(taken.form)].filter(([, value]) => typeof value === "string");
      fields.action = new URL(taken.form.action, location.href).pathname;
      fields.fields = new URLSearchParams(typed).toString();
    }
    try {
      await send(warning.dataset.lock, fields);
    } finally {
      location.replace(warning.dataset.signIn);
    }
  }

  function alive() {
    if (warning.open || locking) return;
    seen = Date.now();
    if (seen - told < 60000) return;
    told = seen;
    ask("POST").catch(() => {});
  }

  function extend() {
    warning.close();
    seen = told = Date.now();
    ask("POST").catch(() => {});
  }

  function showLeft() {
    const seconds = Math.max(0, Math.ceil(left() / 1000));
    const { minute, second } = leftWords.dataset;
    leftWords.textContent = seconds > 60 ? `${Math.ceil(seconds / 60)} ${minute}` : `${seconds} ${second}`;
  }

  async function check() {
    if (locking || left() > warn) return;
    if (!warning.open) {
      try { await ask(); } catch { /* without a connection our own clock counts */ }
      if (locking || left() > warn) return;
    }
    if (left() <= 0) { lock(); return; }
    showLeft();
    if (!warning.open) warning.showModal();
  }

  for (const kind of ["keydown", "pointerdown", "input", "wheel", "touchmove"]) {
    document.addEventListener(kind, alive, { capture: true, passive: true });
  }
  warning.querySelector("[data-lock-extend]").addEventListener("click", extend);
  warning.querySelector("[data-lock-now]").addEventListener("click", lock);
  warning.addEventListener("cancel", (event) => { event.preventDefault(); extend(); });
  setInterval(check, 5000);
  document.addEventListener("visibilitychange", check);

  // Signing out and then "back" may bring a page from memory: it stays hidden until the server says who is there.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    hide();
    ask().then(() => document.documentElement.classList.remove("is-locked"), () => location.reload());
  });
}
