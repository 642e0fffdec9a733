// Before the first paint, so that nobody is flashed: the theme chosen last, or the system's.
const chosen = (localStorage.getItem('quimbi.theme') ?? '').replaceAll('"', '')
const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
