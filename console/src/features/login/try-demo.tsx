import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { useDemoMode } from '../../session/demo-mode.ts'
import { Button } from '../../ui/button.tsx'

/** The way into the local demo, for which nobody needs a login. */
export function TryDemo() {
  const { start } = useDemoMode()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const begin = async () => {
    setState('busy')
    try {
      await start()
    } catch {
      setState('failed')
    }
  }
  return (
    <section aria-label="Demo" className="flex flex-col items-center gap-2 text-center">
      <Button isBusy={state === 'busy'} onClick={() => void begin()} className="min-h-10 w-full">
        <FlaskConical aria-hidden className="size-4" />
        {state === 'busy' ? 'Making a world…' : 'Try it here'}
      </Button>
      <p className="text-xs text-balance text-ink-faint">
        A small shop of its own, without a login; nothing leaves your browser.
      </p>
      {state === 'failed' && (
        <p role="alert" className="text-sm text-bad">
          The demo could not be loaded. Try again when you are connected.
        </p>
      )}
    </section>
  )
}
