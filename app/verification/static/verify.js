// Makes the digests of a chosen file here, in the reader's browser: the file itself is sent nowhere.
const MOST_BYTES = 20 * 1024 * 1024;
const MOST_DIGESTS = 16;
const END_OF_REVISION = [0x25, 0x25, 0x45, 0x4f, 0x46]; // %%EOF

/** Where the revisions of a PDF may end, last first: after `%%EOF`, with and without the line end that follows. */
function ends(bytes) {
  const found = [];
  for (let at = bytes.length - END_OF_REVISION.length; at >= 0; at -= 1) {
    if (!END_OF_REVISION.every((byte, place) => bytes[at + place] === byte)) continue;
    const end = at + END_OF_REVISION.length;
    const lineEnds = bytes[end] === 13 && bytes[end + 1] === 10 ? [1, 2] : bytes[end] === 10 || bytes[end] === 13 ? [1] : [];
    for (const more of [0, ...lineEnds]) if (end + more < bytes.length) found.push(end + more);
  }
  return found;
}

async function digest(bytes) {
  const made = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...made].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const form = document.querySelector("form");
const zone = document.querySelector("[data-zone]");
const picker = zone.querySelector("input");
const told = document.querySelector("[data-told]");

function tell(name) {
  told.textContent = told.dataset[name];
  told.hidden = !name;
  zone.classList.toggle("busy", name === "busy");
}

async function check(file) {
  if (!file) return;
  document.querySelector("[data-answer]")?.remove(); // it was about another file
  if (file.size > MOST_BYTES) return tell("large");
  tell("busy");
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (String.fromCharCode(...bytes.slice(0, 5)) !== "%PDF-") return tell("other");
    const cuts = [bytes.length, ...ends(bytes)].slice(0, MOST_DIGESTS);
    const address = new URL(form.action);
    for (const cut of cuts) address.searchParams.append("sha256", await digest(bytes.subarray(0, cut)));
    const language = new URLSearchParams(location.search).get("lang");
    if (language) address.searchParams.set("lang", language);
    location.assign(address);
  } catch {
    tell("unread");
  }
}

if (globalThis.crypto?.subtle) {
  zone.hidden = false;
  picker.addEventListener("change", () => check(picker.files[0]));
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop") check(event.dataTransfer.files[0]);
    });
  }
  // back from an answer: the same file may be chosen again
  addEventListener("pageshow", () => { picker.value = ""; tell(""); });
} else {
  document.querySelector("details").open = true;
}
document.querySelector("[data-answer]")?.focus();
