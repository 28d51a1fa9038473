// Shows a register without network, from what its page kept on the device (register.js). All else goes the usual way.
const KEPT_FOR = 48 * 3_600_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(fetch(request).catch(async (failure) => (await kept(request)) ?? Promise.reject(failure)));
});

async function kept(request) {
  for (const name of await caches.keys()) {
    if (Number(name.split(" ").at(-1)) < Date.now() - KEPT_FOR) continue;
    const found = await (await caches.open(name)).match(request, { ignoreSearch: true, ignoreVary: true });
    if (found) return found;
  }
}
