// The bar at the top: what time it is in the sandbox, and the hands that move it.

import { h, icon, iconButton, replace, toast } from "./dom.js";
import * as server from "./server.js";
import { format, state } from "./state.js";
import { language, switchLanguage, w } from "./words.js";

let base = Date.now();
let since = performance.now();
let next = null;
let moving = false;

export function nowSeconds() {
  return (base + (moving ? 0 : performance.now() - since)) / 1000;
}

export async function loadClock() {
  const answer = await server.get("clock");
  take(answer.now);
  next = answer.next;
  drawNext();
}

export function take(iso) {
  base = Date.parse(iso);
  since = performance.now();
  tick();
}

export function drawClock(toggleInspector) {
  replace(document.getElementById("top"),
    h("div", { class: "clock", title: state.zone }, icon("clock"), h("time", { id: "clock", role: "timer" }, h("span", { class: "clock-date" }), h("span", { class: "clock-time" }))),
    h("div", { class: "clock-buttons" },
      h("button", { type: "button", class: "button primary", id: "next-push", onclick: () => move({ next: true }) }, w("next")),
      h("button", { type: "button", class: "button", id: "tomorrow", onclick: () => move({ to: tomorrowAtEight() }) }, w("tomorrow")),
      h("button", { type: "button", class: "button only-desk", id: "plus-hour", onclick: () => move({ advance_s: 3600 }) }, w("hour"))),
    h("div", { class: "top-end" },
      h("button", { type: "button", class: "text-button only-desk", onclick: switchLanguage, lang: language === "en" ? "zh-Hans" : "en" }, w("language")),
      iconButton("sun", w("theme"), switchTheme, { class: "icon-button only-desk" }),
      iconButton("gauge", w("inspector"), toggleInspector, { id: "inspector-toggle" })));
  tick();
}

function tick() {
  const element = document.getElementById("clock");
  if (!element) return;
  state.now = nowSeconds();
  const texts = [`${format(state.now, "longdate")} ${format(state.now, "weekday")}`, format(state.now, "time")];
  texts.forEach((text, index) => {
    if (element.children[index].textContent !== text) element.children[index].textContent = text;
  });
}

function drawNext() {
  const button = document.getElementById("next-push");
  if (!button) return;
  button.title = next ? format(Date.parse(next) / 1000, "clock") : w("nothing_due");
}

async function move(wanted) {
  if (moving) return;
  moving = true;
  document.getElementById("top").classList.add("moving");
  for (const button of document.querySelectorAll(".clock-buttons button")) button.disabled = true;
  try {
    const answer = await server.post("clock", wanted);
    take(answer.now);
  } catch (error) {
    toast(wanted.next ? w("nothing_due") : error.message);
  } finally {
    moving = false;
    since = performance.now();
    document.getElementById("top").classList.remove("moving");
    for (const button of document.querySelectorAll(".clock-buttons button")) button.disabled = false;
    loadClock().catch(() => {});
  }
}

/** The next 8:00 in the sandbox's zone that is still ahead. */
export function tomorrowAtEight(now = nowSeconds(), zone = state.zone) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date(now * 1000)).map((one) => [one.type, Number(one.value)]));
  const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  const offset = local - Math.floor(now) * 1000;
  return new Date(Date.UTC(parts.year, parts.month - 1, parts.day + 1, 8) - offset).toISOString();
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("sandbox.theme", root.dataset.theme);
}

export function restoreTheme() {
  const known = localStorage.getItem("sandbox.theme");
  if (known === "dark" || known === "light") document.documentElement.dataset.theme = known;
}

setInterval(tick, 1000);
setInterval(() => loadClock().catch(() => {}), 15000);
