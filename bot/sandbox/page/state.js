// What the page knows: chats, messages, unread counts; filled by requests, kept by events.

import * as server from "./server.js";

export const state = {
  bot: null,
  chats: new Map(),
  messages: new Map(), // chat -> Map(message_id -> message)
  complete: new Set(), // chats whose earliest message is loaded
  current: 0,
  speaker: new Map(), // group -> who speaks
  replyTo: new Map(),
  drafts: new Map(),
  typing: new Map(),
  crowd: 0,
  zone: "Asia/Shanghai",
};

const seen = JSON.parse(localStorage.getItem("sandbox.seen") ?? "{}");
const PAGE = 60;

export function people() {
  return [...state.chats.values()].filter((chat) => chat.type === "private");
}

export function groups() {
  return [...state.chats.values()].filter((chat) => chat.type !== "private");
}

export function chatNow() {
  return state.chats.get(state.current);
}

/** Who writes in a chat: its user, or the person chosen to speak. */
export function speakerIn(chat) {
  if (chat.type === "private") return chat.id;
  const able = chat.members.filter((one) => !one.user.is_bot && !["left", "kicked"].includes(one.status));
  const allowed = chat.type === "channel" ? able.filter((one) => ["creator", "administrator"].includes(one.status)) : able;
  const chosen = state.speaker.get(chat.id);
  if (allowed.some((one) => one.user.id === chosen)) return chosen;
  return allowed[0]?.user.id ?? 0;
}

export async function loadChats() {
  const answer = await server.get("chats");
  state.bot = answer.bot;
  state.zone = answer.zone ?? state.zone;
  const before = state.chats;
  state.chats = new Map();
  for (const chat of answer.chats) {
    state.chats.set(chat.id, { ...chat, unread: before.get(chat.id)?.unread ?? countUnread(chat) });
  }
}

function countUnread(chat) {
  return chat.last && chat.last.message_id > (seen[chat.id] ?? 0) && chat.last.from?.is_bot ? 1 : 0;
}

export async function loadMessages(chatId, before = 0) {
  const query = before ? `&before=${before}` : "";
  const answer = await server.get(`chats/${chatId}/messages?limit=${PAGE}${query}`);
  const known = before ? state.messages.get(chatId) ?? new Map() : new Map();
  const merged = new Map(answer.messages.map((one) => [one.message_id, one]));
  for (const [id, message] of known) merged.set(id, message);
  state.messages.set(chatId, merged);
  if (answer.messages.length < PAGE) state.complete.add(chatId);
}

/** The number after which everything in a chat is unread; 0 when it was never open. */
export function lastSeen(chatId) {
  return state.chats.get(chatId)?.unread ? seen[chatId] ?? 0 : 0;
}

export function markRead(chatId) {
  const chat = state.chats.get(chatId);
  if (!chat) return;
  chat.unread = 0;
  if (chat.last) {
    seen[chatId] = chat.last.message_id;
    localStorage.setItem("sandbox.seen", JSON.stringify(seen));
  }
}

/** Take one message event; whether its chat is the one on screen. */
export function takeMessage(event) {
  const chat = state.chats.get(event.chat);
  const message = { ...event.message, deleted: event.deleted };
  if (chat) {
    if (event.type === "message") {
      chat.last = message;
      if (chat.id !== state.current && (message.from?.is_bot || !message.from)) chat.unread += 1;
      chat.started = true;
      if ("keyboard" in message) chat.keyboard = message.keyboard;
    } else if (chat.last?.message_id === message.message_id) chat.last = message;
  }
  state.messages.get(event.chat)?.set(message.message_id, message);
  return event.chat === state.current;
}

/** One line for the chat list. */
export function summary(message, words) {
  if (!message) return "";
  if (message.deleted) return words("deleted");
  const text = message.text ?? message.caption ?? "";
  if (message.document) return `${words("file")} ${message.document.file_name ?? ""} ${text}`.trim();
  if (message.photo) return `${words("photo")} ${text}`.trim();
  return [media(message, words), text].filter(Boolean).join(" ") || serviceLine(message, words);
}

const MEDIA = ["voice", "audio", "video", "video_note", "animation", "sticker", "location", "contact", "dice", "poll"];

/** What a message is that is no text, file or picture, in a word; nothing for those. */
export function media(message, words) {
  const kind = MEDIA.find((name) => message[name] !== undefined);
  return kind ? `[${words(`kind_${kind}`)}]` : "";
}

/** The grey line of a service message, or nothing. */
export function serviceLine(message, words) {
  const name = (user) => user.first_name;
  if (message.new_chat_members) return words("joined", { name: message.new_chat_members.map(name).join("、") });
  if (message.left_chat_member) return words("left", { name: name(message.left_chat_member) });
  if (message.pinned_message) return words("pinned");
  if (message.migrate_to_chat_id) return words("moved_to");
  if (message.migrate_from_chat_id) return words("moved_from");
  if (message.new_chat_title) return words("new_title", { name: message.new_chat_title });
  if (message.forum_topic_created) return words("topic_created", { name: message.forum_topic_created.name });
  if (message.forum_topic_closed) return words("topic_closed");
  if (message.forum_topic_reopened) return words("topic_reopened");
  return words("service");
}

const clocks = new Map();

/** Formatters in the sandbox's zone. */
export function format(seconds, kind) {
  const options = {
    time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    day: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
    short: { month: "numeric", day: "numeric" },
    clock: { year: "numeric", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    longdate: { year: "numeric", month: "long", day: "numeric" },
    weekday: { weekday: "short" },
    date: { year: "numeric", month: "2-digit", day: "2-digit" },
  }[kind];
  const key = `${kind}${state.zone}`;
  if (!clocks.has(key)) {
    clocks.set(key, new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", { ...options, timeZone: state.zone }));
  }
  return clocks.get(key).format(new Date(seconds * 1000));
}
