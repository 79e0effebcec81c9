// Keys on the register: j and k go from model to model, x selects, / leads to the search and
// ? tells the keys. Enter opens by itself, for the focus stands on the link. Nothing happens
// while somebody types, and the keys can be turned off.
const dialog = document.getElementById('keys')
const off = dialog.querySelector('[data-keys-off]')
const links = [...document.querySelectorAll('.reg tbody th a')]

const remember = {
  read() {
    try { return localStorage.getItem('keys') === 'off' } catch { return false }
  },
  write(value) {
    try { value ? localStorage.setItem('keys', 'off') : localStorage.removeItem('keys') } catch { /* it holds for this page alone */ }
  },
}
off.checked = remember.read()
off.addEventListener('change', () => remember.write(off.checked))

const open = () => dialog.showModal()
document.querySelector('[data-keys]')?.addEventListener('click', open)

// here is the place in the list of where the focus is, -1 where it is elsewhere.
const here = () => {
  const row = document.activeElement?.closest('.reg tbody tr')
  return row ? links.findIndex((link) => row.contains(link)) : -1
}

let last = -1
function go(by) {
  const from = here() < 0 ? last : here()
  const to = Math.min(Math.max(from + by, 0), links.length - 1)
  if (!links[to]) return
  last = to
  links[to].focus({ focusVisible: true })
  links[to].closest('tr').scrollIntoView({ block: 'nearest' })
}

function select() {
  const row = links[here()]?.closest('tr')
  row?.querySelector('.c-pick input')?.click()
}

const typing = (at) => at.closest('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])')

const acts = {
  j: () => go(1),
  k: () => go(-1),
  x: select,
  '/': () => document.querySelector('.filters [name=q]')?.focus(),
  '?': open,
}

document.addEventListener('keydown', (event) => {
  const act = acts[event.key]
  if (!act || off.checked || dialog.open || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return
  event.preventDefault()
  act()
})
