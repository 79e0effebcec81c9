// The form of a registration keeps itself while it is typed: at once in this browser, and a
// moment later on the server. Without the script there is a button for it.
const form = document.querySelector('#draft-form')
const state = document.querySelector('[data-draft-state]')

const field = (name) => form.elements.namedItem(name)
const id = () => field('draft').value
const key = () => `draft:${field('_account').value}:${id()}`
const aside = new Set(['version', 'draft', 'writer', 'movement', 'keep', 'next', 'more', 'again'])

// typed is what stands in the form, without files and what is not typed.
function typed() {
  const all = []
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && !name.startsWith('_') && !aside.has(name)) all.push([name, value])
  }
  return all
}

function say(what, at) {
  state.hidden = false
  state.dataset.is = what
  state.textContent = state.dataset[what].replace('{}', at || '')
}

// keep puts the form into this browser, where the server has not acknowledged it yet. A
// browser that keeps nothing is no reason to stop.
function keep() {
  try {
    localStorage.setItem(key(), JSON.stringify({ version: field('version').value, writer: field('writer').value, typed: typed() }))
  } catch { /* full or forbidden: the server keeps it */ }
}

function kept(at) {
  try {
    return JSON.parse(localStorage.getItem(at))
  } catch {
    return null
  }
}

function forget() {
  try { localStorage.removeItem(key()) } catch { /* nothing was kept */ }
}

let waiting = 0
let busy = false
let changed = 0
let stopped = false

function body() {
  const all = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && name !== '_once') all.append(name, value)
  }
  return all
}

async function save() {
  clearTimeout(waiting)
  waiting = 0
  if (busy || stopped) return
  busy = true
  const now = changed
  say('saving')
  let wait = 0
  try {
    const answer = await fetch(`/admin/drafts/${id()}/save`, {
      method: 'POST', body: body(), headers: { Accept: 'application/json' }, redirect: 'manual',
    })
    if (answer.ok) {
      const saved = await answer.json()
      field('version').value = saved.version
      form.action = `/admin/drafts/${id()}`
      history.replaceState(null, '', form.action)
      field('_page').value = new URL(form.action).pathname
      if (now === changed) forget()
      else { keep(); wait = 1 }
      say('saved', saved.at)
    } else if (answer.status === 409) {
      stopped = true
      say('conflict')
    } else if (answer.type === 'opaqueredirect' || answer.status === 401) {
      stopped = true
      say('out')
    } else {
      wait = 15000
      say('failed')
    }
  } catch {
    wait = 15000
    say('failed')
  }
  busy = false
  if (wait) later(wait)
}

function later(after) {
  clearTimeout(waiting)
  waiting = setTimeout(save, after)
}

function touched() {
  changed++
  keep()
  if (!stopped) later(1500)
}

// fill puts what was kept into the form.
function fill(all) {
  const values = Map.groupBy ? Map.groupBy(all, ([name]) => name) : all.reduce((m, one) => m.set(one[0], [...(m.get(one[0]) || []), one]), new Map())
  for (const control of form.elements) {
    if (!control.name || control.type === 'file' || control.name.startsWith('_') || aside.has(control.name)) continue
    const mine = (values.get(control.name) || []).map(([, value]) => value)
    if (control.type === 'checkbox' || control.type === 'radio') control.checked = mine.includes(control.value)
    else if (control.tagName !== 'BUTTON') control.value = mine[0] ?? ''
  }
}

// restore brings back what this browser kept and the server never heard of: after a crash,
// or without a connection. A new form takes up one that was never saved.
function restore() {
  let at = key()
  if (field('version').value === '0' && !kept(at)) {
    const mine = `draft:${field('_account').value}:`
    const others = Object.keys(localStorage).filter((k) => k.startsWith(mine) && kept(k)?.version === '0')
    if (others.length) at = others[0]
  }
  const found = kept(at)
  if (!found) return
  field('draft').value = at.slice(at.lastIndexOf(':') + 1)
  if (JSON.stringify(found.typed) === JSON.stringify(typed())) {
    forget()
    return
  }
  fill(found.typed)
  field('version').value = found.version
  field('writer').value = found.writer
  say('restored')
  later(1500)
}

// choose makes a field with suggestions find them by any part of their name, whether its
// diacritics are typed or not.
const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase()

function choose(input) {
  const list = document.getElementById(input.getAttribute('list'))
  if (!list) return
  const all = [...list.options].map((o) => ({ value: o.value, text: o.textContent, folded: fold(o.textContent + ' ' + o.value) }))
  input.addEventListener('input', () => {
    const wanted = fold(input.value).split(/\s+/).filter(Boolean)
    const fit = all.filter((o) => wanted.every((w) => o.folded.includes(w))).slice(0, 50)
    list.replaceChildren(...fit.map((o) => {
      const option = document.createElement('option')
      option.value = o.value
      // The browser compares the label with what was typed: so it must be in it.
      option.label = o.folded.includes(fold(input.value)) && !o.text.includes(input.value) ? `${o.text} (${input.value})` : o.text
      return option
    }))
  })
}

if (form && state) {
  restore()
  form.addEventListener('input', touched)
  form.addEventListener('change', (event) => {
    if (event.target.type === 'file') form.requestSubmit(form.querySelector('[name=keep]'))
    else touched()
  })
  form.addEventListener('submit', () => {
    stopped = true
    clearTimeout(waiting)
  })
  addEventListener('online', () => { if (waiting) save() })
  addEventListener('pagehide', () => {
    if (waiting && !stopped) navigator.sendBeacon(`/admin/drafts/${id()}/save`, body())
  })
  addEventListener('keydown', (event) => {
    const next = form.querySelector('[name=next]')
    if (event.key === 'Enter' && event.ctrlKey) form.requestSubmit()
    else if (next && event.altKey && event.code === 'KeyN') form.requestSubmit(next)
    else return
    event.preventDefault()
  })
  for (const input of form.querySelectorAll('input[list]')) choose(input)
}
