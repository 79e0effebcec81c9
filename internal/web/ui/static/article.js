// The page of an article: the size of its text, reading it aloud by the browser's own
// voice, sharing its address.
const article = document.querySelector('[data-article]')
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-text-size],[data-speak],[data-share]')
  if (!button || !article) return
  if (button.dataset.textSize) {
    const size = Number(article.dataset.size || 0) + Number(button.dataset.textSize)
    article.dataset.size = Math.max(-1, Math.min(2, size))
  } else if ('speak' in button.dataset) {
    speak(button)
  } else if (navigator.share) {
    navigator.share({ title: document.title, url: location.href }).catch(() => {})
  } else {
    navigator.clipboard.writeText(location.href).then(() => { button.querySelector('span').textContent = button.dataset.done })
  }
})

function speak(button) {
  if (speechSynthesis.speaking) {
    speechSynthesis.cancel()
    return
  }
  const words = button.textContent
  const said = new SpeechSynthesisUtterance(article.innerText)
  said.lang = article.lang || document.documentElement.lang
  said.onend = () => { button.textContent = words }
  button.textContent = button.dataset.stop
  speechSynthesis.speak(said)
}
for (const button of document.querySelectorAll('[data-speak]')) button.hidden = !('speechSynthesis' in window)
