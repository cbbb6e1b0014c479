// The service worker: keeps the app's shell under its version, and answers for it without a network. What the app asks the server for
// (session, tasks, items, photos) is never kept here. The server writes `self.SHELL` before this text.
interface Shell { version: string; files: string[] }
interface Waiting extends Event { waitUntil(work: Promise<unknown>): void }
interface Asked extends Waiting { request: Request; respondWith(answer: Promise<Response>): void }

const worker = self as unknown as {
  SHELL: Shell;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, hear: (event: never) => void): void;
};
const PREFIX = "yuekao-field-";
const cacheName = PREFIX + worker.SHELL.version;

worker.addEventListener("install", (event: Waiting) => {
  const fresh = worker.SHELL.files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(fresh)));
});

worker.addEventListener("activate", (event: Waiting) => {
  const clean = async () => {
    for (const key of await caches.keys()) if (key.startsWith(PREFIX) && key !== cacheName) await caches.delete(key);
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});

// A new shell waits until somebody asks for it: a visit is not interrupted.
worker.addEventListener("message", (event: MessageEvent) => {
  if (event.data === "renew") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const path = request.mode === "navigate" ? "/field" : url.pathname;
  if (request.mode === "navigate" && !/^\/field\/?$/.test(url.pathname)) return;
  if (!worker.SHELL.files.includes(path)) return;
  event.respondWith(caches.open(cacheName).then(async (cache) => (await cache.match(path)) ?? fetch(request)));
});
