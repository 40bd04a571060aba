// The desk's messages: one is read at a time, in its place; what is written is checked while it is written.

const PART = { "X-Part-Of-Page": "yes" };
const CHECK_AFTER_MS = 600;

async function posted(address, form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(address, { method: "POST", body, headers: PART, cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function showCount(talk, revealed) {
  const line = talk.querySelector("p[data-read-this-shift]");
  if (!line) return;
  line.textContent = revealed.dataset.readThisShift;
  if (!revealed.dataset.isMuch) return;
  const much = document.createElement("strong");
  much.textContent = ` ${revealed.dataset.isMuch}`;
  line.append(much);
}

function hideAll(talk) {
  for (const shown of talk.querySelectorAll("[data-shown]")) shown.remove();
  for (const form of talk.querySelectorAll("[data-reveal]")) form.hidden = false;
}

function show(talk, form, part) {
  hideAll(talk);
  const place = document.createElement("div");
  place.dataset.shown = "";
  place.append(part);
  form.after(place);
  form.hidden = true;
  const revealed = place.querySelector("[data-revealed]");
  showCount(talk, revealed);
  revealed.focus();
  place.querySelector("[data-hide-again]").addEventListener("click", () => {
    hideAll(talk);
    form.querySelector("button").focus();
  });
}

/** Reading a free case makes it the reader's own, and the page has to say so. */
async function showWhose() {
  const shown = document.querySelector("#whose");
  if (!shown || shown.dataset.state === "mine") return;
  const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
  const fresh = answer?.ok ? parsed(await answer.text()).querySelector("#whose") : null;
  if (fresh) shown.replaceWith(fresh);
}

function startReading(talk, form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      show(talk, form, parsed(await posted(form.action, form)));
      await showWhose();
    } catch {
      // Somebody else has the case, or signing in ran out: the page that says so is the server's.
      form.submit();
    }
  });
}

function startWriting(form) {
  const { template, text, asks } = form.elements;
  const findings = form.querySelector("[data-findings]");
  let timer = 0;
  let last = "";
  const check = async () => {
    if (text.value.trim() === last) return;
    last = text.value.trim();
    const html = last ? await posted(form.dataset.check, form).catch(() => null) : "";
    // An answer that comes late must not speak of older words.
    if (html !== null && last === text.value.trim()) findings.innerHTML = html.trim();
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(check, CHECK_AFTER_MS);
  };
  template.addEventListener("change", () => {
    const prepared = form.querySelector(`[data-prepared="${CSS.escape(template.value)}"]`);
    if (!prepared) return;
    text.value = prepared.content.textContent;
    asks.checked = "asks" in prepared.dataset;
    soon();
  });
  text.addEventListener("input", soon);
}

for (const talk of document.querySelectorAll("[data-talk]")) {
  for (const form of talk.querySelectorAll("[data-reveal]")) startReading(talk, form);
  for (const form of talk.querySelectorAll("[data-write]")) startWriting(form);
}
