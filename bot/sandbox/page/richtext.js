// Text and its entities -> nodes. Offsets count UTF-16 units, as JavaScript strings do.

import { h, toast, icon } from "./dom.js";
import { w } from "./words.js";

const SAFE = /^(https?|tg|mailto|tel):/i;
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

/** Nodes for a text; ``deeds`` says what a command, a mention or a link does. */
export function richText(text, entities = [], deeds = {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, sorted, deeds);
}

function build(text, start, end, entities, deeds) {
  const nodes = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) { index += 1; continue; }
    const block = BLOCKS.has(entity.type);
    if (from > at) nodes.push(block ? text.slice(at, from).replace(/\n$/, "") : text.slice(at, from));
    const inner = [];
    const rest = [];
    for (const other of entities.slice(index + 1)) {
      if (other.offset >= to) rest.push(other);
      else {
        inner.push(other);
        if (other.offset + other.length > to) {
          rest.push({ ...other, offset: to, length: other.offset + other.length - to });
        }
      }
    }
    nodes.push(wrap(entity, text.slice(from, to), build(text, from, to, inner, deeds), deeds));
    at = block && text[to] === "\n" ? to + 1 : to; // a block ends its line by itself
    entities = rest;
    index = 0;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrap(entity, raw, children, deeds) {
  const tag = TAGS[entity.type];
  if (entity.type === "code") {
    return h("code", { class: "copyable", title: w("copied"), onclick: () => copy(raw) }, children);
  }
  if (tag) return h(tag, {}, children);
  const make = MAKERS[entity.type];
  return make ? make(entity, raw, children, deeds) : h("span", {}, children);
}

const MAKERS = {
  blockquote: (entity, raw, children) => h("blockquote", {}, children),
  expandable_blockquote: expandable,
  pre: (entity, raw, children) => h("pre", { tabindex: "0", onclick: () => copy(raw) }, h("code", {}, children)),
  spoiler: (entity, raw, children) => {
    const cover = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": w("spoiler") }, children);
    const open = () => { cover.classList.add("open"); cover.removeAttribute("aria-label"); };
    cover.addEventListener("click", open);
    cover.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") open(); });
    return cover;
  },
  text_link: (entity, raw, children, deeds) => link(entity.url, children, deeds),
  url: (entity, raw, children, deeds) => link(SAFE.test(raw) ? raw : `http://${raw}`, children, deeds),
  email: (entity, raw, children, deeds) => link(`mailto:${raw}`, children, deeds),
  text_mention: (entity, raw, children) => h("span", { class: "mention" }, children),
  mention: (entity, raw, children, deeds) => h("button", { type: "button", class: "inline-link", onclick: () => deeds.mention?.(raw) }, children),
  bot_command: (entity, raw, children, deeds) => h("button", { type: "button", class: "inline-link", onclick: () => deeds.command?.(raw) }, children),
  hashtag: (entity, raw, children) => h("span", { class: "mention" }, children),
  cashtag: (entity, raw, children) => h("span", { class: "mention" }, children),
  date_time: (entity, raw, children) => h("time", { class: "mention", title: new Date(entity.unix_time * 1000).toLocaleString() }, children),
};

function expandable(entity, raw, children) {
  const quote = h("blockquote", { class: "folded" }, h("div", {}, children));
  const toggle = h("button", { type: "button", class: "unfold", "aria-label": w("expand"), "aria-expanded": "false",
    onclick: () => toggle.setAttribute("aria-expanded", String(!quote.classList.toggle("folded"))) }, icon("down"));
  quote.append(toggle);
  return quote;
}

function link(url, children, deeds) {
  if (!SAFE.test(url)) return h("span", {}, children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer",
    onclick: (event) => { if (deeds.link?.(url)) event.preventDefault(); } }, children);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "offscreen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(w("copied"));
}
