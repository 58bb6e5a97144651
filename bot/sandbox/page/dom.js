// Elements made by hand: nothing a user wrote is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties, listeners (on…) and children; text stays text. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  fill(element, children);
  return element;
}

/** Put children at the end; null and false are left out. */
export function fill(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren();
  return fill(element, children);
}

const PATHS = {
  send: "M4 12 20 4l-4.5 16-4-6.5L4 12Zm7.5 1.5L20 4",
  back: "M15 5l-7 7 7 7",
  attach: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7",
  keys: "M4 6h16v12H4zM8 10h.01M12 10h.01M16 10h.01M8 14h8",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  reply: "M10 7L4.5 12 10 17v-3.4c4.5 0 7.4 1.3 9.5 4.4-.6-4.9-3.7-8-9.5-8.4V7Z",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  down: "M6 9l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  clock: "M12 7v5l3.2 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  gauge: "M4 18a9 9 0 1 1 16 0M12 14l4-4",
  sun: "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  link: "M9 15L15 9M10 6.5l1.4-1.4a4.2 4.2 0 0 1 6 6L16 12.5M8 11.5l-1.4 1.4a4.2 4.2 0 0 0 6 6L14 17.5",
  copy: "M9 9h10v11H9zM5 15V4h10",
  pin: "M9 4h6l-.7 6 2.7 3H7l2.7-3L9 4ZM12 13v7",
  slash: "M5 4h14v16H5zM14 8l-4 8",
  plus: "M12 5v14M5 12h14",
};

/** A line icon; decoration only, so hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon and says its name. */
export function iconButton(name, label, onclick, extra = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...extra }, icon(name));
}

/** A short message at the edge of the screen. */
export function toast(text) {
  const element = h("div", { class: "toast" }, text);
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), 3600);
}

/** A question in a modal dialog; resolves to the value of the button pressed. */
export function ask(title, body, buttons) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "dialog", "aria-label": title },
      h("form", { method: "dialog" },
        title && h("h2", {}, title),
        body,
        h("div", { class: "dialog-buttons" },
          buttons.map(([value, text, primary]) => h("button", { value, class: primary ? "button primary" : "button" }, text)))));
    dialog.addEventListener("close", () => { resolve(dialog.returnValue); dialog.remove(); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
