/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What the page can do besides: find, copy, and show where the reader is. All else works without it.

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

const contents = byId('contents')
const find = /** @type {HTMLInputElement} */ (byId('find'))
const found = byId('found')
const entries = [...contents.querySelectorAll('li')]
const isHidden = (/** @type {Element} */ entry) => entry instanceof HTMLElement && entry.hidden

function showFound() {
  const wanted = find.value.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  for (const entry of entries) {
    const text = (entry.textContent ?? '').toLowerCase()
    entry.hidden = !words.every((word) => text.includes(word))
  }
  for (const heading of contents.querySelectorAll('h2'))
    heading.hidden = [...(heading.nextElementSibling?.children ?? [])].every(isHidden)
  for (const details of contents.querySelectorAll('details')) details.open = wanted !== ''
  found.textContent = wanted === '' ? '' : `${entries.filter((entry) => !entry.hidden).length} found`
}

for (const box of contents.querySelectorAll('p')) box.hidden = false
find.addEventListener('input', showFound)
find.addEventListener('keydown', ({ key }) => {
  if (key === 'Enter')
    entries
      .find((entry) => !entry.hidden)
      ?.querySelector('a')
      ?.click()
})
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select')
  if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping) return
  event.preventDefault()
  find.focus()
})

/** @param {HTMLButtonElement} button */
async function copy(button) {
  await navigator.clipboard.writeText(button.closest('figure')?.querySelector('code')?.textContent ?? '')
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = 'Copy'), 1500)
}

for (const button of document.querySelectorAll('button')) {
  // Browsers have a clipboard only where the page came safely.
  button.hidden = !navigator.clipboard
  button.addEventListener('click', () => void copy(button))
}

const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]))
const seen = new IntersectionObserver(
  (changes) => {
    const link = links.get(changes.findLast(({ isIntersecting }) => isIntersecting)?.target.id ?? '')
    if (!link) return
    contents.querySelector('[aria-current]')?.removeAttribute('aria-current')
    link.setAttribute('aria-current', 'true')
    const { top, bottom } = link.getBoundingClientRect()
    if (top < 70 || bottom > innerHeight) contents.scrollBy({ top: top - innerHeight / 2 })
  },
  { rootMargin: '-80px 0px -75% 0px' },
)
for (const section of document.querySelectorAll('main section[id]')) if (links.has(section.id)) seen.observe(section)
