// The sandbox behind the page: requests, and the stream of what happens.

async function request(method, path, body, form) {
  const options = { method, headers: {} };
  if (form) options.body = form;
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/sandbox/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);
export const postForm = (path, form) => request("POST", path, undefined, form);
export const remove = (path) => request("DELETE", path);

/** Listen for ever: EventSource comes back by itself; whenever the stream opens, all is to be loaded anew. */
export function listen({ onEvents, onState, onOpen }) {
  const source = new EventSource("/sandbox/events");
  source.addEventListener("open", () => {
    onState(true);
    onOpen();
  });
  source.addEventListener("error", () => onState(false));
  source.addEventListener("message", (event) => onEvents(JSON.parse(event.data)));
}
