// The page comes up: load, draw, listen. The address after # is the chat that is open.

import { drawList, setUpList } from "./chatlist.js";
import { drawClock, loadClock, restoreTheme, take } from "./clockbar.js";
import { drawComposer, drawKeys, loadCommands } from "./composer.js";
import { drawConversation, drawMessages, endAction, openChat, setOpener, setUpConversation, showAction, showMessage } from "./conversation.js";
import { toast } from "./dom.js";
import { loadCalls, setUpInspector, takeCalls } from "./inspector.js";
import * as server from "./server.js";
import { loadChats, loadMessages, markRead, people, state, takeMessage } from "./state.js";
import { w } from "./words.js";

const PHONE = matchMedia("(max-width: 719px)");
let online = true;
let listTimer = 0;
let turn = Promise.resolve();

/** Loads and events one after the other: what is told while something is being loaded comes on top of it. */
function inTurn(work) {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
}

async function open(chatId) {
  if (location.hash !== `#${chatId}`) history.pushState(null, "", `#${chatId}`);
  document.body.classList.add("in-chat");
  await inTurn(() => openChat(chatId));
  drawList();
  if (!PHONE.matches) document.querySelector("#composer textarea")?.focus();
}

function close() {
  history.pushState(null, "", location.pathname);
  document.body.classList.remove("in-chat");
  state.current = 0;
  drawList();
}

function follow() {
  const wanted = Number(location.hash.slice(1));
  if (state.chats.has(wanted)) open(wanted).catch((error) => toast(error.message));
  else if (PHONE.matches) { document.body.classList.remove("in-chat"); state.current = 0; drawList(); }
}

function toggleInspector() {
  const shown = document.body.classList.toggle("inspecting");
  localStorage.setItem("sandbox.inspecting", shown ? "1" : "");
  if (shown) loadCalls();
}

function listSoon() {
  clearTimeout(listTimer);
  listTimer = setTimeout(drawList, 60);
}

async function reload() {
  await loadChats();
  drawList();
  await Promise.all([loadClock(), loadCalls()]);
  if (!state.chats.has(state.current)) { state.current = 0; drawConversation(); return; }
  await loadMessages(state.current);
  markRead(state.current);
  drawConversation();
}

async function refreshChats() {
  const before = JSON.stringify(shape());
  await loadChats();
  drawList();
  if (state.current && JSON.stringify(shape()) !== before) drawConversation();
}

function shape() {
  const chat = state.chats.get(state.current);
  return chat && [chat.title, chat.blocked, chat.started, chat.moved_to, chat.pinned, chat.members];
}

/** One block of events: what is only worth knowing once is done once. */
async function takeEvents(events) {
  const calls = events.filter((event) => event.type === "call");
  const last = new Map(events.map((event) => [event.type, event]));
  if (last.has("resync")) { await reload(); return; }
  if (last.has("chats") || last.has("bots")) await refreshChats();
  for (const event of events) {
    if (["message", "edit", "delete"].includes(event.type)) showEvent(event);
    else if (event.type === "action") showAction(event.chat, event.action);
    else if (event.type === "draft") showAction(event.chat, "typing");
  }
  if (last.has("clock")) take(last.get("clock").now);
  if (last.has("commands")) await loadCommands();
  if (calls.length) takeCalls(calls);
}

function showEvent(event) {
  const chat = state.chats.get(event.chat);
  const fresh = chat && !chat.started;
  const keyboard = JSON.stringify(chat?.keyboard ?? null);
  const here = takeMessage(event);
  if (event.message.from?.is_bot) endAction(event.chat);
  if (here) {
    showMessage({ ...event.message, deleted: event.deleted }, event.type === "message");
    if (fresh) drawComposer();
    else if (JSON.stringify(chat?.keyboard ?? null) !== keyboard) drawKeys(chat);
  }
  listSoon();
}

function setOnline(now) {
  if (now !== online) toast(w(now ? "online" : "offline"));
  online = now;
  document.body.classList.toggle("offline", !now);
}

function start() {
  restoreTheme();
  document.title = w("title");
  if (localStorage.getItem("sandbox.inspecting") !== "" && innerWidth >= 1100) document.body.classList.add("inspecting");
  setUpList((chatId) => open(chatId).catch((error) => toast(error.message)));
  setUpConversation(close);
  setOpener(open);
  let load = comeUp;
  server.listen({
    onEvents: (events) => inTurn(() => takeEvents(events)),
    onState: setOnline,
    onOpen: () => inTurn(load).then(() => { load = reload; }).catch((error) => toast(error.message)),
  });
}

/** The first load, once the stream is open: nothing that happens from here on is missed. */
async function comeUp() {
  await loadChats();
  drawClock(toggleInspector);
  await loadClock();
  await setUpInspector(toggleInspector);
  drawList();
  drawConversation();
  if (location.hash) follow();
  else if (!PHONE.matches && people().length) open(people()[0].id);
  matchMedia("(max-width: 1099px)").addEventListener("change", (event) => {
    if (event.matches) document.body.classList.remove("inspecting"); // it would lie over the chat
  });
  addEventListener("popstate", follow);
  document.addEventListener("redraw", () => { drawMessages(); drawConversation(); });
}

start();
