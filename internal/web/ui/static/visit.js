// The sheet of a visit is filled in where there may be no network: what is typed stays in
// this browser until the server has it, is sent by itself when the network is back, and
// counts once. Where somebody else saved the sheet meanwhile, both texts are shown.
const form = document.querySelector('#visit-sheet')
const state = document.querySelector('[data-sheet-state]')
const theirs = document.querySelector('[data-sheet-theirs]')

const field = (name) => form.elements.namedItem(name)
const key = () => `visit:${field('account').value}:${location.pathname}`
const aside = new Set(['version', 'send', 'account'])

function newID() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
}

function say(what) {
  state.hidden = false
  state.dataset.is = what
  state.textContent = state.dataset[what]
}

const typed = () => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !aside.has(name))

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key()))
  } catch {
    return null
  }
}

// keep puts the sheet into this browser under the number of its next sending.
function keep() {
  try {
    localStorage.setItem(key(), JSON.stringify({ version: field('version').value, send: field('send').value, typed: typed() }))
    return true
  } catch {
    return false
  }
}

function forget() {
  try { localStorage.removeItem(key()) } catch { /* nothing was kept */ }
}

let busy = false
let changed = 0
let stopped = false
let again = false
let waiting = 0

async function send() {
  if (stopped) return
  if (busy) {
    again = true
    return
  }
  clearTimeout(waiting)
  busy = true
  const now = changed
  say('waiting')
  try {
    const answer = await fetch(form.getAttribute('action'), {
      method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' }, redirect: 'manual',
    })
    if (answer.ok) taken(await answer.json(), now)
    else if (answer.type === 'opaqueredirect' || answer.status === 401) say('out')
    else say('kept')
  } catch {
    say('kept')
  }
  busy = false
  if (again) {
    again = false
    if (kept()) send()
  } else if (state.dataset.is === 'kept') waiting = setTimeout(send, 20000)
}

// taken goes on from what the server answered.
function taken(answer, now) {
  if (answer.conflict) {
    stopped = true
    say('conflict')
    theirs.hidden = false
    theirs.dataset.version = answer.version
    theirs.querySelector('dl').replaceChildren(...answer.theirs.flatMap(([term, text]) => {
      const dt = document.createElement('dt')
      const dd = document.createElement('dd')
      dt.textContent = term
      dd.textContent = text
      return [dt, dd]
    }))
    return
  }
  field('version').value = answer.version
  field('send').value = newID()
  if (now === changed) {
    forget()
    say('sent')
    ready()
  } else {
    keep()
    say('kept')
  }
}

function fill(all) {
  const values = new Map(all)
  for (const control of form.elements) {
    if (!control.name || aside.has(control.name) || control.tagName === 'BUTTON') continue
    if (control.type === 'radio' || control.type === 'checkbox') control.checked = values.get(control.name) === control.value
    else control.value = values.get(control.name) ?? ''
  }
}

// ready lets the worker keep this page and its files, so that it opens without a network.
async function ready() {
  if (!('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register('/admin/visits/worker.js', { scope: '/admin/visits/' })
    const { active } = await navigator.serviceWorker.ready
    const files = performance.getEntriesByType('resource').map((r) => r.name).filter((n) => new URL(n).pathname.startsWith('/static/'))
    active.postMessage({ keep: [location.origin + location.pathname, ...new Set(files)] })
  } catch { /* an open page keeps what is typed all the same */ }
}

if (form && state) {
  if (!field('send').value) field('send').value = newID()
  const found = kept()
  if (found && JSON.stringify(found.typed) !== JSON.stringify(typed())) {
    fill(found.typed)
    field('version').value = found.version
    field('send').value = found.send
    say('restored')
    changed++
  }
  form.addEventListener('input', () => {
    changed++
    if (keep()) say('kept')
  })
  form.addEventListener('change', keep)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    keep()
    send()
  })
  addEventListener('online', () => { if (kept()) send() })
  theirs.querySelector('[data-sheet-mine]').addEventListener('click', () => {
    field('version').value = theirs.dataset.version
    field('send').value = newID()
    theirs.hidden = true
    stopped = false
    keep()
    send()
  })
  navigator.serviceWorker?.addEventListener('message', (event) => {
    if (event.data.kept) {
      document.documentElement.dataset.offline = 'ready'
      if (state.hidden) say('ready')
    }
  })
  if (document.readyState === 'complete') ready()
  else addEventListener('load', ready)
  if (changed && navigator.onLine) send()
}
