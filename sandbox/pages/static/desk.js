// Keeps the desk current: asks for the same page every two seconds and shows it when it changed and nobody is typing.
const main = document.querySelector("main");
const busy = () => {
  const open = main.querySelector("details[open]");
  const active = document.activeElement;
  return document.hidden || open || (main.contains(active) && active.matches("input, select"));
};
let shown = main.innerHTML;
async function refresh() {
  if (busy()) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("main").innerHTML;
  if (fresh === shown || busy()) return;
  shown = fresh;
  main.innerHTML = fresh;
  const menu = page.querySelector(".side nav");
  if (menu) document.querySelector(".side nav").innerHTML = menu.innerHTML;
}
setInterval(() => refresh().catch(() => {}), 2000);
