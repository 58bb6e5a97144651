// One message -> its bubble: sender, quote, text, file, time, marks, buttons.

import { h, icon, toast } from "./dom.js";
import { copy, richText } from "./richtext.js";
import { format, media, serviceLine, state, summary } from "./state.js";
import { w } from "./words.js";

const COLOURS = 7;

export function colourOf(id) {
  return `tint-${Math.abs(Number(id)) % COLOURS}`;
}

/** The list item for a message. */
export function bubble(message, chat, deeds) {
  const known = message.text !== undefined || message.document || message.photo || message.caption !== undefined || media(message, w);
  if (!known) {
    return h("li", { class: "service", "data-id": String(message.message_id) }, h("span", {}, serviceLine(message, w)));
  }
  const mine = isMine(message, chat);
  const row = h("li", {
    class: ["row", mine ? "mine" : "theirs", message.deleted && "deleted"].filter(Boolean).join(" "),
    "data-id": String(message.message_id), tabindex: "-1",
  });
  const body = h("div", { class: message.deleted || message.edit_date ? "bubble marked" : "bubble" },
    chat.type === "group" || chat.type === "supergroup" ? sender(message, mine) : null,
    message.forward_origin && h("div", { class: "meta-line" }, w("forwarded", { name: originName(message.forward_origin) })),
    message.via_bot && h("div", { class: "meta-line" }, w("via", { name: message.via_bot.username })),
    message.reply_to_message && quoted(message.reply_to_message, deeds),
    message.photo && picture(message),
    message.document && attachment(message.document),
    media(message, w) && h("div", { class: "text" }, media(message, w)),
    text(message, deeds),
    h("div", { class: "foot" },
      message.deleted && h("span", {}, w("deleted")),
      message.edit_date && !message.deleted && h("span", {}, w("edited")),
      h("time", { datetime: new Date(message.date * 1000).toISOString() }, format(message.date, "time"))));
  const column = h("div", { class: "column" }, body);
  if (message.reply_markup?.inline_keyboard && !message.deleted) column.append(keyboard(message, deeds));
  row.append(column);
  if (!message.deleted && deeds.canWrite) {
    row.append(h("button", { type: "button", class: "reply-button", "aria-label": w("reply"), title: w("reply"),
      onclick: () => deeds.reply(message) }, icon("reply")));
  }
  return row;
}

export function isMine(message, chat) {
  if (chat.type === "channel") return false;
  return Boolean(message.from) && !message.from.is_bot && message.from.id === (chat.type === "private" ? chat.id : deedsSpeaker(chat));
}

function deedsSpeaker(chat) {
  return state.speaker.get(chat.id) ?? chat.speakerNow;
}

function sender(message, mine) {
  if (mine || !message.from) return null;
  return h("div", { class: `sender ${colourOf(message.from.id)}` }, message.sender_chat?.title ?? message.from.first_name,
    message.from.is_bot && h("span", { class: "badge" }, w("bot")));
}

function originName(origin) {
  return origin.sender_user?.first_name ?? origin.chat?.title ?? origin.sender_user_name ?? "";
}

function quoted(message, deeds) {
  return h("button", { type: "button", class: "quoted", onclick: () => deeds.jump(message.message_id) },
    h("b", {}, message.from?.first_name ?? message.chat.title ?? ""), h("span", {}, summary(message, w)));
}

function text(message, deeds) {
  const plain = message.text ?? message.caption;
  if (!plain) return null;
  return h("div", { class: "text", dir: "auto" }, richText(plain, message.entities ?? message.caption_entities ?? [], deeds));
}

function picture(message) {
  const size = message.photo.at(-1);
  return h("img", { class: "photo", src: `/sandbox/files/${size.file_id}`, alt: message.caption ?? w("photo"),
    width: String(size.width), height: String(size.height), loading: "lazy" });
}

function attachment(file) {
  const size = file.file_size ? sizeOf(file.file_size) : "";
  return h("a", { class: "file", href: `/sandbox/files/${file.file_id}`, download: file.file_name ?? "file",
    "aria-label": `${w("download")} ${file.file_name ?? ""}` },
  h("span", { class: "file-icon" }, icon("file")),
  h("span", { class: "file-name" }, h("b", {}, file.file_name ?? w("file")), h("small", {}, size)));
}

export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function keyboard(message, deeds) {
  return h("div", { class: "keys" }, message.reply_markup.inline_keyboard.map((row) =>
    h("div", { class: "keys-row" }, row.map((button) => key(button, message, deeds)))));
}

function key(button, message, deeds) {
  const style = button.style && button.style !== "default" ? ` ${button.style}` : "";
  const url = button.url ?? button.web_app?.url ?? button.login_url?.url;
  if (url) {
    return h("a", { class: `key${style}`, href: url, target: "_blank", rel: "noopener noreferrer",
      onclick: (event) => { if (deeds.link(url)) event.preventDefault(); } },
    h("span", {}, button.text), h("span", { class: "corner" }, icon("link")));
  }
  if (button.copy_text) {
    return h("button", { type: "button", class: `key${style}`, onclick: () => copy(button.copy_text.text) },
      h("span", {}, button.text), h("span", { class: "corner" }, icon("copy")));
  }
  if (button.switch_inline_query !== undefined || button.switch_inline_query_current_chat !== undefined) {
    const query = button.switch_inline_query ?? button.switch_inline_query_current_chat;
    return h("button", { type: "button", class: `key${style}`, onclick: () => deeds.inline(query) }, h("span", {}, button.text));
  }
  const element = h("button", { type: "button", class: `key${style}` }, h("span", {}, button.text));
  element.addEventListener("click", async () => {
    element.classList.add("waiting");
    element.setAttribute("aria-busy", "true");
    try {
      await deeds.press(message, button.callback_data ?? "");
    } catch (error) {
      toast(error.message);
    } finally {
      element.classList.remove("waiting");
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}
