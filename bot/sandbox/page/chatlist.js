// The list of chats: who is there, what was last said, what is unread.

import { ask, h, iconButton, replace, toast } from "./dom.js";
import { colourOf } from "./bubbles.js";
import * as server from "./server.js";
import { format, groups, people, state, summary } from "./state.js";
import { w } from "./words.js";

let opened = () => {};

export function setUpList(open) {
  opened = open;
}

export function drawList() {
  const nav = document.getElementById("list");
  const focused = document.activeElement?.closest?.("#list .chat")?.dataset.id;
  replace(nav,
    h("div", { class: "list-head" }, h("h1", {}, w("chats")), iconButton("plus", w("add"), addSomething)),
    section(w("private"), people()), section(w("groups"), groups()),
    state.crowd ? h("p", { class: "crowd-line" }, w("crowd_line", { n: state.crowd })) : null);
  if (focused) nav.querySelector(`.chat[data-id="${focused}"]`)?.focus();
}

function section(title, chats) {
  if (!chats.length) return null;
  return h("section", {}, h("h2", {}, title), h("ul", {}, chats.map((chat) => h("li", {}, entry(chat)))));
}

export function titleOf(chat) {
  return chat.title ?? [chat.first_name, chat.last_name].filter(Boolean).join(" ");
}

export function avatar(chat) {
  return h("span", { class: `avatar ${colourOf(chat.id)}`, "aria-hidden": "true" }, [...titleOf(chat)][0] ?? "?");
}

function entry(chat) {
  const unread = chat.unread ? h("span", { class: "unread", "aria-label": w("unread", { n: chat.unread }) }, chat.unread > 99 ? "99+" : String(chat.unread)) : null;
  return h("button", { type: "button", class: "chat", "data-id": String(chat.id), "aria-current": chat.id === state.current ? "true" : null,
    onclick: () => opened(chat.id) },
  avatar(chat),
  h("span", { class: "chat-name" }, titleOf(chat)),
  h("time", { class: "chat-time" }, chat.last ? when(chat.last.date) : ""),
  h("span", { class: "chat-last" }, summary(chat.last, w) || (chat.type === "private" && !chat.started ? w("not_started") : "")),
  unread);
}

function when(date) {
  const today = format(state.now ?? Date.now() / 1000, "date") === format(date, "date");
  return today ? format(date, "time") : format(date, "short");
}

async function addSomething() {
  const name = h("input", { type: "text", autocomplete: "off", "aria-label": w("name"), placeholder: w("name"), maxlength: "60" });
  const wanted = await ask(w("add"), h("label", { class: "field" }, name),
    [["", w("cancel")], ["group", w("add_group")], ["user", w("add_user"), true]]);
  if (!wanted) return;
  try {
    const title = name.value.trim();
    if (wanted === "user") await server.post("users", { name: title || null, language: "zh-hans" });
    else await server.post("chats", { type: "group", title: title || w("add_group"), members: people().map((one) => one.id) });
  } catch (error) {
    toast(error.message);
  }
}

