import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Console, demoWorld, isDemoWanted, serverWorld } from './app/console.tsx'
import { fetchAhead } from './app/routes.tsx'
import './styles.css'

// A ticket's own address: its page comes with the rest, not after it.
if (/^\/inbox\/\d/.test(location.pathname)) fetchAhead()

// A part of a release that is no longer there: the page of the new one has what follows. Once, or it would go on for ever.
addEventListener('vite:preloadError', (event) => {
  if (!navigator.onLine || sessionStorage.getItem('quimbi.reloaded') === '1') return
  event.preventDefault()
  sessionStorage.setItem('quimbi.reloaded', '1')
  location.reload()
})

const root = createRoot(document.getElementById('root') as HTMLElement)
const first = isDemoWanted() ? await demoWorld().catch(serverWorld) : serverWorld()

root.render(
  <StrictMode>
    <Console first={first} />
  </StrictMode>,
)
