// The sheets of visits open again without a network. It holds nothing but them and the files
// that they need; what is typed is kept by the page.
const store = 'visit-sheets'
const isSheet = (url) => /^\/admin\/visits\/[^/]+\/sheets\/[^/]+$/.test(url.pathname)

addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))

async function keep(all) {
  const cache = await caches.open(store)
  let kept = true
  for (const address of all) {
    try {
      const answer = await fetch(address, { credentials: 'same-origin' })
      if (answer.ok && !answer.redirected) await cache.put(address, answer)
      else kept = false
    } catch {
      kept = false
    }
  }
  return kept
}

addEventListener('message', (event) => {
  event.waitUntil(keep(event.data.keep).then((kept) => event.source.postMessage({ kept })))
})

async function fromNetwork(request) {
  try {
    return await fetch(request)
  } catch (reason) {
    const kept = await (await caches.open(store)).match(request.url)
    if (kept) return kept
    throw reason
  }
}

addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/static/') || (event.request.mode === 'navigate' && isSheet(url))) event.respondWith(fromNetwork(event.request))
})
