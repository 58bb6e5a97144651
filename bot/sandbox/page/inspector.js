// Beside the chat: every call with its answer, the rate against the limits, faults, the tally.

import { h, iconButton, replace, toast } from "./dom.js";
import * as server from "./server.js";
import { format, state } from "./state.js";
import { w } from "./words.js";

const KEEP = 200;
const HISTORY = 60;
const TABS = ["calls", "rates", "faults", "tally"];
const PRESETS = [
  ["f_429", { method: "send*", code: 429, retry_after: 2, share: 0.05 }],
  ["f_500", { method: "send*", code: 500 }],
  ["f_slow", { delay_ms: 800, method: "send*" }],
  ["f_lost", { method: "send*", drop: true, after_delivery: true, times: 1 }],
  ["f_drop", { method: "send*", drop: true, times: 1 }],
  ["f_half", { method: "send*", half: true, times: 1 }],
];

let tab = localStorage.getItem("sandbox.tab") ?? "calls";
let calls = [];
let body = null;
let filter = "";
let hidePolls = true;
let pending = false;
const history = Array(HISTORY).fill(0);

export async function setUpInspector(close) {
  const aside = document.getElementById("inspector");
  body = h("div", { class: "inspector-body", role: "tabpanel", id: "inspector-panel" });
  replace(aside,
    h("div", { class: "tabs", role: "tablist" }, TABS.map((name) => h("button", {
      type: "button", role: "tab", "data-tab": name, "aria-controls": "inspector-panel", onclick: () => choose(name), onkeydown: walkTabs,
    }, w(name))), iconButton("close", w("cancel"), close, { class: "icon-button close-inspector" })),
    body);
  await loadCalls();
  choose(tab);
  setInterval(measure, 1000);
}

function walkTabs(event) {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  const next = TABS[(TABS.indexOf(tab) + (event.key === "ArrowRight" ? 1 : TABS.length - 1)) % TABS.length];
  choose(next);
  document.querySelector(`[data-tab=${next}]`).focus();
}

function choose(name) {
  tab = name;
  localStorage.setItem("sandbox.tab", name);
  for (const button of document.querySelectorAll("[data-tab]")) {
    const chosen = button.dataset.tab === name;
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  draw();
}

function draw() {
  ({ calls: drawCalls, rates: drawRates, faults: drawFaults, tally: drawTally })[tab]();
}

function visible() {
  return body && body.offsetParent !== null;
}

// calls

export async function loadCalls() {
  calls = (await server.get(`calls?limit=${KEEP}`)).calls.map((one) => ({
    n: one.n, at: Date.parse(one.at) / 1000, method: one.method, status: one.status, took_ms: one.took_ms, chat: one.params?.chat_id,
  }));
  if (tab === "calls" && body) drawCalls();
}

export function takeCalls(fresh) {
  calls.push(...fresh);
  if (calls.length > KEEP) calls = calls.slice(-KEEP);
  if (tab !== "calls" || pending || !visible()) return;
  pending = true;
  setTimeout(() => { pending = false; if (tab === "calls") drawCallList(); }, 120);
}

function drawCalls() {
  const search = h("input", { type: "search", placeholder: w("filter"), "aria-label": w("filter"), value: filter,
    oninput: () => { filter = search.value.trim().toLowerCase(); drawCallList(); } });
  const polls = h("input", { type: "checkbox", checked: hidePolls, onchange: () => { hidePolls = polls.checked; drawCallList(); } });
  replace(body, h("div", { class: "call-filter" }, search, h("label", { class: "check" }, polls, w("hide_polls"))), h("ol", { class: "calls" }));
  drawCallList();
}

function drawCallList() {
  const list = body.querySelector(".calls");
  if (!list) return;
  const open = list.querySelector("details[open]");
  const openN = open?.dataset.n;
  const shown = calls.filter((one) => (!filter || one.method.toLowerCase().includes(filter)) && (!hidePolls || one.method.toLowerCase() !== "getupdates")).slice(-100).reverse();
  if (!shown.length) { replace(list, h("li", { class: "nothing" }, w("no_calls"))); return; }
  replace(list, shown.map((one) => (String(one.n) === openN ? open.parentElement : callEntry(one))));
}

function callEntry(one) {
  const details = h("details", { class: "call", "data-n": String(one.n) },
    h("summary", {}, h("span", { class: `status s${Math.floor(one.status / 100)}` }, one.status || "✕"),
      h("b", {}, one.method), h("span", { class: "call-chat" }, one.chat ?? ""),
      h("span", { class: "call-took" }, `${one.took_ms < 10 ? one.took_ms.toFixed(1) : Math.round(one.took_ms)} ms`),
      h("time", {}, format(one.at, "time"))));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.childElementCount > 1) return;
    const found = (await server.get(`calls?n=${one.n}`)).calls[0];
    if (!found) return;
    details.append(h("div", { class: "call-detail" },
      found.note && h("p", {}, found.note),
      h("h3", {}, w("params")), h("pre", { tabindex: "0" }, pretty(found.params)),
      h("h3", {}, w("answer")), h("pre", { tabindex: "0" }, pretty(found.answer))));
  });
  return h("li", {}, details);
}

function pretty(value) {
  const text = JSON.stringify(value, null, 1) ?? "";
  return text.length > 20000 ? `${text.slice(0, 20000)} …` : text;
}

// rates

async function measure() {
  if (!visible()) return;
  if (tab === "rates") {
    const limits = await server.get("limits").catch(() => null);
    if (!limits) return;
    history.push(Object.values(limits.now).reduce((sum, one) => sum + one, 0));
    if (history.length > HISTORY) history.shift();
    drawRate(limits);
  } else if (tab === "tally") drawTally();
  else if (tab === "faults") drawActive();
}

async function drawRates() {
  const limits = await server.get("limits");
  const field = (name) => h("input", { type: "number", min: "1", max: "100000", name, value: String(limits[name]), inputmode: "numeric" });
  const enforce = h("input", { type: "checkbox", checked: limits.enforce });
  const fields = { per_second: field("per_second"), per_chat: field("per_chat"), per_group_minute: field("per_group_minute") };
  replace(body,
    h("div", { class: "rate" }, h("div", { class: "rate-now" }, h("b", { id: "rate-now" }, "0"), h("span", { id: "rate-of" })), h("div", { class: "bars", id: "bars", role: "img" })),
    h("form", { class: "limits", onsubmit: async (event) => {
      event.preventDefault();
      const wanted = { enforce: enforce.checked };
      for (const [name, input] of Object.entries(fields)) wanted[name] = Number(input.value);
      await server.post("limits", wanted).then(() => toast(w("ok")), (error) => toast(error.message));
    } },
    h("label", { class: "check" }, enforce, w("enforce")),
    h("label", { class: "field" }, h("span", {}, w("of_bot")), fields.per_second),
    h("label", { class: "field" }, h("span", {}, w("of_chat")), fields.per_chat),
    h("label", { class: "field" }, h("span", {}, w("of_group")), fields.per_group_minute),
    h("button", { class: "button" }, w("apply"))));
  drawRate(limits);
}

function drawRate(limits) {
  const bars = document.getElementById("bars");
  if (!bars) return;
  const now = history.at(-1) ?? 0;
  document.getElementById("rate-now").textContent = String(now);
  document.getElementById("rate-of").textContent = `${w("per_second")} · ${w("limit")} ${limits.per_second}`;
  const top = Math.max(limits.per_second * 1.2, ...history, 1);
  bars.setAttribute("aria-label", `${w("now")} ${now}`);
  replace(bars, history.map((one) => {
    const bar = h("i", { class: one > limits.per_second ? "over" : null });
    bar.style.height = `${Math.max((one / top) * 100, 1)}%`;
    return bar;
  }));
  const line = h("span", { class: "limit-line" });
  line.style.bottom = `${(limits.per_second / top) * 100}%`;
  bars.append(line);
}

// faults

function drawFaults() {
  const method = h("input", { type: "text", placeholder: w("f_method"), "aria-label": w("f_method"), autocomplete: "off" });
  const code = h("input", { type: "number", min: "400", max: "599", placeholder: w("f_code"), "aria-label": w("f_code") });
  const share = h("input", { type: "number", min: "1", max: "100", placeholder: w("f_share"), "aria-label": w("f_share") });
  const delay = h("input", { type: "number", min: "0", placeholder: w("f_delay"), "aria-label": w("f_delay") });
  replace(body,
    h("div", { class: "presets" }, PRESETS.map(([name, fault]) => h("button", { type: "button", class: "button", onclick: () => add(fault) }, w(name))),
      h("button", { type: "button", class: "button", onclick: () => server.post("restarts", { down_ms: 1000 }).catch((error) => toast(error.message)) }, w("restart"))),
    h("form", { class: "custom", "aria-label": w("f_custom"), onsubmit: (event) => {
      event.preventDefault();
      const fault = { method: method.value.trim() };
      if (code.value) fault.code = Number(code.value);
      if (share.value) fault.share = Number(share.value) / 100;
      if (delay.value) fault.delay_ms = Number(delay.value);
      add(fault);
    } }, method, code, share, delay, h("button", { class: "button" }, w("f_add"))),
    h("div", { id: "active" }));
  drawActive();
}

async function add(fault) {
  try {
    await server.post("faults", fault);
    drawActive();
  } catch (error) {
    toast(error.message);
  }
}

async function drawActive() {
  const place = document.getElementById("active");
  if (!place) return;
  const { faults } = await server.get("faults");
  if (!faults.length) { replace(place, h("p", { class: "calm" }, w("f_none"))); return; }
  replace(place, h("h3", {}, w("f_active")),
    h("ul", {}, faults.map((one) => h("li", {}, h("b", {}, describe(one)), h("span", {}, w("used", { n: one.used }))))),
    h("button", { type: "button", class: "button danger", onclick: async () => { await server.remove("faults"); drawActive(); } }, w("f_clear")));
}

function describe(fault) {
  const parts = [fault.method || "*"];
  if (fault.chat) parts.push(`chat ${fault.chat}`);
  if (fault.code) parts.push(String(fault.code));
  for (const name of ["drop", "half", "after_delivery"]) if (fault[name]) parts.push(name);
  if (fault.delay_ms) parts.push(`${fault.delay_ms} ms`);
  if (fault.share < 1) parts.push(`${Math.round(fault.share * 100)} %`);
  if (fault.times) parts.push(`× ${fault.times}`);
  return parts.join(" · ");
}

// tally

async function drawTally() {
  const tally = await server.get("tally?chats=0").catch(() => null);
  const crowd = await server.get("crowds").catch(() => ({ arrived: 0 }));
  if (!tally || tab !== "tally") return;
  state.crowd = crowd.arrived;
  const figure = (name, value, warn) => h("div", { class: warn && value ? "figure warn" : "figure" }, h("b", {}, String(value)), h("span", {}, w(name)));
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.deed : null;
  replace(body,
    h("div", { class: "figures" }, figure("delivered", tally.totals.delivered), figure("chats_n", tally.totals.chats),
      figure("duplicates", tally.totals.duplicates, true), figure("refused", tally.totals.refused, true)),
    h("h3", {}, w("reasons")),
    Object.keys(tally.refused).length
      ? h("ul", { class: "reasons" }, Object.entries(tally.refused).map(([why, count]) => h("li", {}, h("span", {}, why), h("b", {}, String(count)))))
      : h("p", { class: "calm" }, w("none")),
    h("button", { type: "button", class: "button", "data-deed": "clear", onclick: async () => { await server.remove("tally"); drawTally(); } }, w("clear")),
    h("h3", {}, w("crowd")), h("p", {}, w("crowd_line", { n: crowd.arrived })),
    h("button", { type: "button", class: "button", "data-deed": "crowd", onclick: () => server.post("crowds", { count: 1000 }).catch((error) => toast(error.message)) }, w("crowd_add")));
  if (focused) body.querySelector(`[data-deed=${focused}]`)?.focus();
}
