// Pages on a screen go on by key, by swipe and by their buttons. All of them are in the
// document already; which one is shown stands in the address, so that it can be opened.
const slides = [...document.querySelectorAll('.slide')]

const now = () => Math.max(0, slides.findIndex((s) => `#${s.id}` === location.hash))

function go(to) {
  const slide = slides[Math.max(0, Math.min(slides.length - 1, to))]
  if (`#${slide.id}` !== location.hash) location.replace(`#${slide.id}`)
}

const ways = {
  ArrowRight: () => go(now() + 1), ArrowDown: () => go(now() + 1), PageDown: () => go(now() + 1), ' ': () => go(now() + 1),
  ArrowLeft: () => go(now() - 1), ArrowUp: () => go(now() - 1), PageUp: () => go(now() - 1),
  Home: () => go(0), End: () => go(slides.length - 1), f: full, F: full,
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen?.()
}

addEventListener('keydown', (e) => {
  const way = ways[e.key]
  if (!way || e.ctrlKey || e.altKey || e.metaKey || (e.key === ' ' && e.target.closest?.('a, button'))) return
  e.preventDefault()
  way()
})

let from
addEventListener('touchstart', (e) => { from = e.touches.length === 1 ? e.touches[0] : undefined }, { passive: true })
addEventListener('touchend', (e) => {
  if (!from) return
  const x = e.changedTouches[0].clientX - from.clientX
  const y = e.changedTouches[0].clientY - from.clientY
  from = undefined
  if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) go(now() + (x < 0 ? 1 : -1))
}, { passive: true })

addEventListener('click', (e) => {
  const turn = e.target.closest('[data-turn]')
  if (turn) {
    e.preventDefault()
    go(now() + (turn.dataset.turn === 'next' ? 1 : -1))
  }
  if (e.target.closest('[data-full]')) full()
})

if (document.documentElement.requestFullscreen) for (const b of document.querySelectorAll('[data-full]')) b.hidden = false
