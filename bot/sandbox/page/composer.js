// Where one writes: text, files, replies, the command menu, the reply keyboard, inline queries.

import { h, icon, iconButton, replace, toast } from "./dom.js";
import * as server from "./server.js";
import { chatNow, speakerIn, state, summary } from "./state.js";
import { w } from "./words.js";

let area = null;
let panel = null;
let keys = null;
let keysOpen = true;
let commands = [];
let asked = 0;
let timer = 0;

/** Where the caret stands, if somebody is writing; for `drawComposer`, before the field is taken away. */
export function caret() {
  return area && document.activeElement === area ? { chat: state.composing, start: area.selectionStart, end: area.selectionEnd } : null;
}

export function drawComposer(kept = caret()) {
  const chat = chatNow();
  const footer = document.getElementById("composer");
  if (!chat || !footer) return;
  if (area && state.composing) state.drafts.set(state.composing, area.value);
  state.composing = chat.id;
  const stop = blocked(chat);
  if (stop) {
    area = null;
    replace(footer, stop);
    return;
  }
  panel = h("div", { class: "panel", hidden: true });
  keys = h("div", { class: "reply-keys" });
  area = h("textarea", { rows: "1", placeholder: w(chat.type === "channel" ? "placeholder_channel" : "placeholder"), "aria-label": w("placeholder"),
    enterkeyhint: "send", oninput: changed, onkeydown: pressed, onpaste: pasted, autocomplete: "off" });
  area.value = state.drafts.get(chat.id) ?? "";
  const picker = h("input", { type: "file", class: "offscreen", tabindex: "-1", "aria-hidden": "true", onchange: () => sendFile(picker.files[0]).then(() => { picker.value = ""; }) });
  replace(footer, panel, replyBar(chat), speakers(chat),
    h("form", { class: "write", onsubmit: (event) => { event.preventDefault(); submit(); } },
      iconButton("slash", w("commands"), toggleCommands, { "aria-haspopup": "true" }),
      h("div", { class: "field-frame" }, area,
        h("button", { type: "button", class: "icon-button keys-toggle", hidden: true, "aria-label": w("keyboard"), title: w("keyboard"), onclick: toggleKeys }, icon("keys")),
        iconButton("attach", w("attach"), () => picker.click()), picker),
      h("button", { type: "submit", class: "send", "aria-label": w("send"), title: w("send") }, icon("send"))),
    keys);
  drawKeys(chat);
  grow();
  if (kept?.chat === chat.id) {
    area.focus();
    area.setSelectionRange(kept.start, kept.end);
  }
  commands = [];
  loadCommands();
}

/** What the bot offers whoever speaks here. */
export async function loadCommands() {
  const chat = chatNow();
  if (!chat) return;
  const answer = await server.get(`commands?chat=${chat.id}&from=${speakerIn(chat)}`).catch(() => ({ commands: [] }));
  if (chat.id === state.current) commands = answer.commands;
}

function blocked(chat) {
  if (chat.moved_to) return h("p", { class: "closed" }, w("gone"));
  if (chat.type !== "private") return null;
  if (chat.blocked) return h("button", { type: "button", class: "big-button", onclick: () => say("/start") }, w("unblock"));
  if (!chat.started) return h("button", { type: "button", class: "big-button", onclick: () => say("/start") }, w("start"));
  return null;
}

function speakers(chat) {
  if (chat.type === "private") return null;
  const able = chat.members.filter((one) => !one.user.is_bot && !["left", "kicked"].includes(one.status)
    && (chat.type !== "channel" || ["creator", "administrator"].includes(one.status)));
  if (able.length < 2) return null;
  const now = speakerIn(chat);
  return h("div", { class: "speakers", role: "radiogroup", "aria-label": w("speak_as") }, able.map((one) =>
    h("button", { type: "button", role: "radio", "aria-checked": String(one.user.id === now), onclick: () => {
      state.speaker.set(chat.id, one.user.id);
      document.dispatchEvent(new CustomEvent("redraw"));
    } }, one.user.first_name)));
}

// replying

export function replyTo(message) {
  state.replyTo.set(state.current, message);
  drawComposer();
  area?.focus();
}

function replyBar(chat) {
  const message = state.replyTo.get(chat.id);
  if (!message) return null;
  return h("div", { class: "reply-bar" }, icon("reply"),
    h("span", {}, h("b", {}, message.from?.first_name ?? ""), summary(message, w)),
    iconButton("close", w("cancel_reply"), () => { state.replyTo.delete(chat.id); drawComposer(); }));
}

// the reply keyboard

/** The bot's keyboard below the field; the field itself, and what stands in it, stays. */
export function drawKeys(chat) {
  if (!area) return;
  const markup = chat.keyboard;
  const rows = markup?.keyboard;
  const toggle = document.querySelector(".keys-toggle");
  toggle.hidden = !rows;
  if (markup?.input_field_placeholder) area.placeholder = markup.input_field_placeholder;
  keys.hidden = !rows || !keysOpen;
  if (!rows) { replace(keys); return; }
  replace(keys, rows.map((row) => h("div", { class: "keys-row" }, row.map((one) =>
    h("button", { type: "button", class: "key", onclick: () => say(one.text) }, one.text)))));
}

function toggleKeys() {
  keysOpen = !keysOpen;
  keys.hidden = !keysOpen;
}

// writing

function grow() {
  area.style.height = "auto";
  if (area.value) area.style.height = `${Math.min(area.scrollHeight, 160)}px`; // a long hint is no reason to grow
}

/** Enter sends, unless an input method is still composing. */
function pressed(event) {
  if (event.key === "Escape" && !panel.hidden) { hidePanel(); event.preventDefault(); return; }
  if (!panel.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) { walkPanel(event); return; }
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  const chosen = !panel.hidden && panel.querySelector("[aria-selected=true]");
  if (chosen) chosen.click();
  else submit();
}

function changed() {
  grow();
  state.drafts.set(state.current, area.value);
  const text = area.value;
  const command = /^\/([A-Za-z0-9_]*)$/.exec(text);
  const inline = new RegExp(`^@${state.bot.username}\\s([\\s\\S]*)$`, "i").exec(text);
  const mention = /(^|\s)@(\w*)$/.exec(text);
  clearTimeout(timer);
  if (command) showCommands(command[1].toLowerCase());
  else if (inline) timer = setTimeout(() => askInline(inline[1]), 300);
  else if (mention && state.bot.username.toLowerCase().startsWith(mention[2].toLowerCase())) showMention(mention[2].length);
  else hidePanel();
}

function submit() {
  const text = area.value;
  if (!text.trim()) return;
  area.value = "";
  state.drafts.delete(state.current);
  hidePanel();
  grow();
  say(text);
  area.focus();
}

/** Send ``text`` as whoever speaks here. */
export async function write(text) {
  await say(text);
}

async function say(text) {
  const chat = chatNow();
  const reply = state.replyTo.get(chat.id);
  try {
    await server.post("messages", { chat: chat.id, from: speakerIn(chat), text, ...(reply ? { reply_to: reply.message_id } : {}) });
    if (reply) { state.replyTo.delete(chat.id); drawComposer(); }
  } catch (error) {
    toast(w("sending_failed", { why: error.message }));
    if (area && !area.value) { area.value = text; grow(); }
  }
}

async function sendFile(file) {
  if (!file) return;
  const chat = chatNow();
  const form = new FormData();
  form.append("chat", String(chat.id));
  form.append("from", String(speakerIn(chat)));
  if (area.value.trim()) form.append("text", area.value);
  form.append(/^image\/(png|jpeg|gif)$/.test(file.type) ? "photo" : "document", file, file.name);
  try {
    await server.postForm("messages", form);
    area.value = "";
    grow();
  } catch (error) {
    toast(w("sending_failed", { why: error.message }));
  }
}

function pasted(event) {
  const file = [...event.clipboardData.files][0];
  if (file) { event.preventDefault(); sendFile(file); }
}

// the panel above the field: commands, mention, inline results

function show(items) {
  replace(panel, h("ul", { role: "listbox" }, items));
  panel.hidden = !items.length;
}

function hidePanel() {
  if (panel) { panel.hidden = true; replace(panel); }
}

function option(onclick, ...children) {
  return h("li", { role: "option", "aria-selected": "false", onclick }, children);
}

function walkPanel(event) {
  const items = [...panel.querySelectorAll("[role=option]")];
  const at = items.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const next = (at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
  items.forEach((one, index) => one.setAttribute("aria-selected", String(index === next)));
  items[next]?.scrollIntoView({ block: "nearest" });
  event.preventDefault();
}

function toggleCommands() {
  if (!panel.hidden) hidePanel();
  else if (commands.length) showCommands("");
  else show([h("li", { class: "no-results" }, w("no_results"))]);
}

function showCommands(prefix) {
  const chat = chatNow();
  const suffix = chat.type === "private" ? "" : `@${state.bot.username}`;
  show(commands.filter((one) => one.command.startsWith(prefix)).map((one) =>
    option(() => { area.value = ""; hidePanel(); grow(); say(`/${one.command}${suffix}`); },
      h("b", {}, `/${one.command}`), h("span", {}, one.description))));
}

function showMention(typed) {
  show([option(() => {
    area.value = `${area.value.slice(0, area.value.length - typed - 1)}@${state.bot.username} `;
    hidePanel();
    area.focus();
    changed();
  }, h("b", {}, `@${state.bot.username}`), h("span", {}, state.bot.first_name))]);
}

export function startInline(text) {
  if (!area) return;
  area.value = text.endsWith(" ") ? text : `${text} `.replace(/ {2}$/, " ");
  area.focus();
  changed();
}

async function askInline(query) {
  const mine = ++asked;
  const chat = chatNow();
  const answer = await server.post("inline", { from: speakerIn(chat), query, chat: chat.id, wait_s: 8 }).catch(() => ({ results: [] }));
  if (mine !== asked || !area.value.startsWith("@")) return;
  const items = answer.results.map((one) => option(() => choose(one, query),
    h("b", {}, one.title ?? one.id), h("span", {}, one.description ?? one.caption ?? "")));
  if (answer.button) items.unshift(option(() => say(`/start ${answer.button.start_parameter ?? ""}`.trim()), h("b", {}, answer.button.text)));
  show(items.length ? items : [h("li", { class: "no-results" }, w("no_results"))]);
}

async function choose(result, query) {
  const chat = chatNow();
  area.value = "";
  grow();
  hidePanel();
  try {
    await server.post("choices", { from: speakerIn(chat), chat: chat.id, query, result });
  } catch (error) {
    toast(w("sending_failed", { why: error.message }));
  }
}
