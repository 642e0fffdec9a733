import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Console, demoWorld, isDemoWanted, serverWorld } from './app/console.tsx'
import { fetchAhead } from './app/routes.tsx'
import './styles.css'

// A ticket's own address: its page comes with the rest, not after it.
if (/^\/inbox\/\d/.test(location.pathname)) fetchAhead()

const root = createRoot(document.getElementById('root') as HTMLElement)
const first = isDemoWanted() ? await demoWorld().catch(serverWorld) : serverWorld()

root.render(
  <StrictMode>
    <Console first={first} />
  </StrictMode>,
)
