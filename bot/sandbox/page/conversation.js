// The conversation on screen: its head, its messages, what is pinned, who is typing.

import { ask, h, icon, iconButton, replace, toast } from "./dom.js";
import { avatar, titleOf } from "./chatlist.js";
import { bubble } from "./bubbles.js";
import { caret, drawComposer, replyTo, startInline, write } from "./composer.js";
import * as server from "./server.js";
import { chatNow, format, lastSeen, loadMessages, markRead, speakerIn, state, summary } from "./state.js";
import { w } from "./words.js";

const SHOWN_MOST = 600;

let log = null;
let jump = null;
let fresh = 0;
let stuck = true; // at the newest message, and to stay there when the keyboard comes up
const resized = new ResizeObserver(() => { if (stuck) toBottom(); });
let close = () => {};

export function setUpConversation(onClose) {
  close = onClose;
}

export async function openChat(chatId) {
  state.current = chatId;
  fresh = 0;
  await loadMessages(chatId);
  if (state.current !== chatId) return;
  const mark = lastSeen(chatId);
  markRead(chatId);
  drawConversation();
  if (mark) showUnread(mark);
}

/** A line above what came while one was away; it is where reading goes on. */
function showUnread(mark) {
  const first = [...log.querySelectorAll(".row.theirs")].find((row) => Number(row.dataset.id) > mark);
  if (!first) return;
  const line = h("li", { class: "unread-line" }, h("span", {}, w("new_messages")));
  first.before(line);
  if (line.offsetTop < log.scrollHeight - log.clientHeight) {
    stuck = false;
    log.scrollTop = line.offsetTop - log.offsetTop - 8;
  }
}

export function drawConversation() {
  const chat = chatNow();
  const main = document.getElementById("talk");
  if (!chat) {
    replace(main, h("p", { class: "nothing" }, w("pick")));
    return;
  }
  const kept = caret();
  chat.speakerNow = speakerIn(chat);
  log = h("ol", { class: "log", role: "log", "aria-live": "polite", "aria-label": titleOf(chat), tabindex: "0", onscroll: scrolled, onkeydown: walk });
  jump = h("button", { type: "button", class: "jump", hidden: true, "aria-label": w("jump"), onclick: () => toBottom(true) }, icon("down"), h("span", {}));
  replace(main, head(chat), pinned(chat), h("div", { class: "log-frame" }, log, jump), h("footer", { id: "composer" }));
  resized.disconnect();
  resized.observe(log);
  drawMessages();
  drawComposer(kept);
  toBottom();
}

function head(chat) {
  const bot = state.bot?.first_name ?? "";
  const members = chat.members?.filter((one) => !["left", "kicked"].includes(one.status)).length ?? 0;
  const line = chat.type === "private" ? w("you", { name: titleOf(chat) })
    : w(chat.type === "channel" ? "members_channel" : "members", { n: members });
  return h("header", { class: "talk-head" },
    iconButton("back", w("back"), () => close(), { class: "icon-button only-phone" }),
    chat.type === "private" ? h("span", { class: "avatar bot-avatar", "aria-hidden": "true" }, [...bot][0] ?? "B") : avatar(chat),
    h("div", { class: "talk-title" }, h("h2", {}, chat.type === "private" ? bot : titleOf(chat)), h("p", { id: "talk-line", "data-rest": line }, line)),
    iconButton("more", w("menu"), () => menu(chat), { "aria-haspopup": "dialog" }));
}

function pinned(chat) {
  const message = chat.pinned && state.messages.get(chat.id)?.get(chat.pinned);
  if (!message) return null;
  return h("button", { type: "button", class: "pinned", onclick: () => jumpTo(message.message_id) },
    icon("pin"), h("span", {}, h("b", {}, w("pinned")), summary(message, w)));
}

async function menu(chat) {
  const bot = chat.members?.find((one) => one.user.id === state.bot.id);
  const inside = bot && !["left", "kicked"].includes(bot.status);
  const choices = chat.type === "private"
    ? [[chat.blocked ? "member" : "kicked", w(chat.blocked ? "unblock" : "block")]]
    : [[inside ? "kicked" : "member", w(inside ? "kick" : "invite")]];
  if (chat.type === "group" && !chat.moved_to) choices.push(["migrate", w("migrate")]);
  const wanted = await ask(chat.type === "private" ? state.bot.first_name : titleOf(chat), null, [...choices, ["", w("cancel"), true]]);
  if (!wanted) return;
  try {
    if (wanted === "migrate") await server.post("migrations", { chat: chat.id });
    else await server.post("members", { chat: chat.id, user: "bot", status: wanted });
  } catch (error) {
    toast(error.message);
  }
}

// messages

function deeds(chat) {
  return {
    canWrite: !chat.moved_to && speakerIn(chat) !== 0,
    reply: replyTo,
    jump: jumpTo,
    press: (message, data) => press(chat, message, data),
    command: (text) => write(text),
    mention: (text) => startInline(text),
    inline: (query) => startInline(`@${state.bot.username} ${query}`),
    link: (url) => followDeepLink(url),
  };
}

export function drawMessages() {
  const chat = chatNow();
  const messages = [...(state.messages.get(chat.id)?.values() ?? [])].sort((a, b) => a.message_id - b.message_id);
  const bottom = atBottom();
  const can = deeds(chat);
  replace(log);
  if (messages.length && !state.complete.has(chat.id)) {
    log.append(h("li", { class: "service" }, h("button", { type: "button", class: "older", onclick: older }, w("older"))));
  }
  if (!messages.length) log.append(h("li", { class: "nothing" }, chat.type === "private" && state.bot.description || w("empty")));
  let day = "";
  for (const message of messages) {
    day = separate(message, day);
    log.append(bubble(message, chat, can));
  }
  if (bottom) toBottom();
}

function separate(message, day) {
  const today = format(message.date, "date");
  if (today !== day) log.append(h("li", { class: "day", "data-day": today }, h("span", {}, format(message.date, "day"))));
  return today;
}

/** A message is new or has changed: only its own bubble is drawn. */
export function showMessage(message, isNew) {
  const chat = chatNow();
  if (!log || !chat) return;
  const bottom = stuck || atBottom();
  const known = log.querySelector(`[data-id="${message.message_id}"]`);
  const drawn = bubble(message, chat, deeds(chat));
  if (known) known.replaceWith(drawn);
  else if (isNew) {
    log.querySelector(".nothing")?.remove();
    separate(message, [...log.querySelectorAll(".day")].at(-1)?.dataset.day ?? "");
    drawn.classList.add("arriving");
    log.append(drawn);
    thinOut(chat);
  }
  if (bottom || (isNew && message.from && !message.from.is_bot)) toBottom();
  else if (isNew) {
    fresh += 1;
    showJump();
  }
  if (isNew) markRead(chat.id);
}

/** A page that has been open for days forgets its oldest bubbles; "earlier messages" brings them back. */
function thinOut(chat) {
  const messages = state.messages.get(chat.id);
  if (!messages || messages.size <= SHOWN_MOST) return;
  for (const id of [...messages.keys()].sort((a, b) => a - b).slice(0, messages.size - SHOWN_MOST / 2)) messages.delete(id);
  state.complete.delete(chat.id);
  drawMessages();
}

async function older() {
  const chat = chatNow();
  const first = Math.min(...state.messages.get(chat.id).keys());
  const height = log.scrollHeight;
  await loadMessages(chat.id, first);
  drawMessages();
  log.scrollTop = log.scrollHeight - height;
}

function atBottom() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

export function toBottom(smooth = false) {
  if (!log) return;
  log.scrollTo({ top: log.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  fresh = 0;
  stuck = true;
  showJump();
}

function scrolled() {
  stuck = atBottom();
  if (stuck) fresh = 0;
  showJump();
}

function showJump() {
  if (!jump) return;
  jump.hidden = atBottom();
  jump.lastChild.textContent = fresh ? String(fresh) : "";
}

function jumpTo(messageId) {
  const row = log.querySelector(`[data-id="${messageId}"]`);
  if (!row) return;
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.focus();
  row.classList.add("found");
  setTimeout(() => row.classList.remove("found"), 1600);
}

/** Arrow keys walk from message to message, R replies. */
function walk(event) {
  const rows = [...log.querySelectorAll(".row")];
  const at = rows.indexOf(document.activeElement);
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const next = at < 0 ? rows.length - 1 : at + (event.key === "ArrowUp" ? -1 : 1);
    rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
    event.preventDefault();
  } else if ((event.key === "r" || event.key === "R") && at >= 0 && document.activeElement === rows[at]) {
    rows[at].querySelector(".reply-button")?.click();
    event.preventDefault();
  }
}

// buttons and links

async function press(chat, message, data) {
  const answer = await server.post("presses", {
    chat: chat.id, from: speakerIn(chat), message_id: message.message_id, data, wait_s: 15,
  });
  const given = answer.answer;
  if (!given) return;
  if (given.url) followDeepLink(given.url) || window.open(given.url, "_blank", "noopener");
  if (!given.text) return;
  if (given.show_alert) await ask("", h("p", {}, given.text), [["", w("ok"), true]]);
  else toast(given.text);
}

/** t.me/<our bot>?start=… and ?startgroup=… are followed here, in the chat with the bot or in a group of one's own. */
function followDeepLink(url) {
  let parts;
  try { parts = new URL(url); } catch { return false; }
  const name = parts.hostname === "t.me" ? parts.pathname.slice(1) : parts.searchParams.get("domain");
  if (!name || name.toLowerCase() !== state.bot.username.toLowerCase()) return false;
  const payload = parts.searchParams.get("start");
  const chat = chatNow();
  const user = speakerIn(chat);
  const go = async () => {
    if (parts.searchParams.has("startgroup")) return joinGroup(user, parts.searchParams.get("startgroup"));
    if (chat.id !== user) await openFromLink(user);
    await write(/^[A-Za-z0-9_-]{1,64}$/.test(payload ?? "") ? `/start ${payload}` : "/start");
  };
  go().catch((error) => toast(error.message));
  return true;
}

async function joinGroup(user, payload) {
  const groups = [...state.chats.values()].filter((one) => one.type.endsWith("group") && !one.moved_to);
  const wanted = await ask(w("invite"), null, [...groups.map((one) => [String(one.id), titleOf(one)]), ["", w("cancel"), true]]);
  if (!wanted) return;
  await server.post("starts", { from: user, chat: Number(wanted), payload: payload ?? "" });
  await openFromLink(Number(wanted));
}

let openFromLink = openChat;

export function setOpener(open) {
  openFromLink = open;
}

// typing

export function showAction(chatId, action) {
  if (chatId !== state.current) return;
  const line = document.getElementById("talk-line");
  if (!line) return;
  line.textContent = w(action.startsWith("upload") ? "uploading" : "typing");
  line.classList.add("busy");
  clearTimeout(state.typing.get(chatId));
  state.typing.set(chatId, setTimeout(() => endAction(chatId), 5000));
}

export function endAction(chatId) {
  const line = document.getElementById("talk-line");
  if (chatId !== state.current || !line) return;
  line.textContent = line.dataset.rest;
  line.classList.remove("busy");
}

