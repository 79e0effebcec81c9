// The moderators' queue: decisions go out without a page load, and by keys. It sends the
// forms of the page to where they lead anyway.
const queue = document.querySelector('[data-queue]')
const told = document.querySelector('[data-told]')
const failed = document.querySelector('[data-failed]')
const keys = document.querySelector('[data-keys]')

const items = () => [...queue.querySelectorAll('[data-opinion]')]
const current = () => document.activeElement.closest?.('[data-opinion]')

function move(step) {
  const all = items()
  const at = all.indexOf(current())
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

// send posts a form; what was decided leaves the list, and the next one is at hand.
async function send(form) {
  const item = form.closest('[data-opinion]')
  if (item.ariaBusy === 'true') return
  item.ariaBusy = 'true'
  failed.hidden = true
  let ok = false
  try {
    const answer = await fetch(form.action, {
      method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' },
    })
    ok = answer.status === 204
  } catch { /* no connection: told below */ }
  item.ariaBusy = 'false'
  if (!ok) {
    failed.hidden = false
    failed.scrollIntoView({ block: 'nearest' })
    return
  }
  told.textContent = ''
  told.textContent = told.dataset.done
  if (form.dataset.act === 'block') return
  if (form.dataset.act === 'answer' && queue.dataset.queue === 'passed') { // it stays where it is
    location.reload()
    return
  }
  count()
  const all = items()
  const at = all.indexOf(item)
  const next = all[at + 1] ?? all[at - 1]
  item.closest('li').remove()
  if (next) next.focus()
  else location.reload()
}

// count takes one off the number of the open tab.
function count() {
  const n = document.querySelector('.tabs [aria-current] span')
  const left = Number(n?.textContent.replace(/\D/g, '')) - 1
  if (n && left >= 0) n.textContent = left.toLocaleString(document.documentElement.lang)
}

function unfold(name) {
  const fold = current()?.querySelector(`[data-fold=${name}]`)
  if (!fold) return
  fold.open = true
  fold.querySelector('textarea,input[type=radio]').focus()
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  p: () => current()?.querySelector('[data-act=pass]')?.requestSubmit(),
  r: () => unfold('refuse'),
  a: () => unfold('answer'),
}

if (queue) {
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !event.target.matches('[data-act]')) return
    event.preventDefault()
    send(event.target)
  })
  try { keys.checked = localStorage.getItem('opinion-keys') !== 'off' } catch { /* nothing is kept */ }
  keys.addEventListener('change', () => {
    try { localStorage.setItem('opinion-keys', keys.checked ? 'on' : 'off') } catch { /* nothing is kept */ }
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      const item = current()
      const fold = document.activeElement.closest('[data-fold]')
      if (fold) {
        fold.open = false
        item.focus()
      }
      return
    }
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.target.closest('textarea,select,input:not([type=checkbox]):not([type=radio]),dialog')) return
    const act = acts[event.key.toLowerCase()]
    if (act) {
      event.preventDefault()
      act()
    }
  })
}
