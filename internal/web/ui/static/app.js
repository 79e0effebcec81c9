// Makes the pages smoother; everything works without it.
const root = document.documentElement
root.classList.add('js')

// The theme: kept in a cookie, so that the server can write it into the next page.
const cookie = document.cookie.match(/(?:^|; )theme=(light|dark)/)
if (cookie) root.dataset.theme = cookie[1]
const dark = () => (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark'

document.addEventListener('click', (event) => {
  const target = event.target
  if (target.closest('[data-theme-toggle]')) {
    root.dataset.theme = dark() ? 'light' : 'dark'
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`
  }
  if (target.closest('[data-print]')) print()
  for (const fold of document.querySelectorAll('details.fold[open]')) {
    if (!fold.contains(target)) fold.open = false
  }
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  const fold = document.querySelector('details.fold[open]')
  if (fold) {
    fold.open = false
    fold.querySelector('summary').focus()
  }
})

// Unsaved input: ask before the page is left.
const dirty = new Set()
document.addEventListener('input', (event) => {
  if (event.target.form?.matches('[data-guard]')) dirty.add(event.target.form)
})
addEventListener('beforeunload', (event) => {
  if (dirty.size) event.preventDefault()
})

// data-confirm on a button: ask first, in a dialog of the page.
function ask(button) {
  const dialog = document.createElement('dialog')
  const text = document.createElement('p')
  const acts = document.createElement('div')
  text.textContent = button.dataset.confirm
  acts.className = 'row'
  dialog.ariaLabel = text.textContent
  const add = (words, style, act) => {
    const b = document.createElement('button')
    b.type = 'button'
    b.className = style
    b.textContent = words
    b.onclick = () => { dialog.close(); act?.() }
    acts.append(b)
  }
  add(button.textContent.trim(), 'btn main' + (button.classList.contains('danger') ? ' danger' : ''), () => {
    button.dataset.sure = '1'
    button.form.requestSubmit(button)
  })
  add(root.dataset.cancel, 'btn')
  dialog.append(text, acts)
  dialog.onclose = () => { dialog.remove(); button.focus() }
  document.body.append(dialog)
  dialog.showModal()
}

document.addEventListener('submit', (event) => {
  const button = event.submitter
  if (button?.dataset.confirm && !button.dataset.sure) {
    event.preventDefault()
    ask(button)
    return
  }
  delete button?.dataset.sure
  if (new URL(event.target.action).pathname === '/logout') forgetDrafts()
  dirty.delete(event.target)
})

// What was typed and not saved yet does not stay behind for the next one at this device.
function forgetDrafts() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('draft:') || key.startsWith('visit:')) localStorage.removeItem(key)
  } catch { /* nothing was kept */ }
  if ('caches' in window) caches.delete('visit-sheets')
}

// Lists: choose the whole page, and say how many are chosen.
document.addEventListener('change', (event) => {
  const sheet = event.target.closest('.sheet')
  if (!sheet || event.target.type !== 'checkbox') return
  const boxes = [...sheet.querySelectorAll('.c-pick input')]
  const all = sheet.querySelector('[data-all]')
  if (event.target === all) boxes.forEach((box) => { box.checked = all.checked })
  const n = boxes.filter((box) => box.checked).length
  if (!all) return
  all.checked = n === boxes.length
  all.indeterminate = n > 0 && n < boxes.length
  const words = sheet.querySelector('[data-chosen]')
  words.textContent = words.dataset.chosen.replace('{}', n)
})

for (const select of document.querySelectorAll('select[data-submit]')) {
  select.addEventListener('change', () => select.form.requestSubmit())
}
document.querySelector('.errs')?.focus()
