// How does our script talk to our server? JSON with the CSRF token; problem+json becomes an Error with code, where, todo.

export class Problem extends Error {
  constructor(status, body) {
    super(body.message || gettext("The server did not answer as expected."));
    Object.assign(this, { status, code: body.code || "ERROR", where: body.where || "", todo: body.todo || "", body });
  }
}

export function csrfToken() {
  return document.querySelector("meta[name=csrf-token]")?.content || "";
}

/** Send JSON and read JSON. Throws Problem (answers 4xx, 5xx) or, when there is no connection, Problem with status 0. */
export async function sendJson(url, body, { method = "POST", signal } = {}) {
  return answer(fetch(url, {
    method,
    signal,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
  }));
}

/** Read JSON. */
export async function readJson(url, { signal } = {}) {
  return answer(fetch(url, { signal, headers: { Accept: "application/json" } }));
}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { code: "OFFLINE", message: gettext("No connection to the server."), todo: gettext("Your work is kept here; it goes on when the connection is back.") });
  }
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  const body = isJson ? await response.json() : {};
  if (!response.ok) throw new Problem(response.status, body);
  return body;
}
