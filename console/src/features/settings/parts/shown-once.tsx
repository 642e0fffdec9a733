import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { toast } from '../../../shared/toast.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'

type ShownOnceProps = { title: string; label: string; secret: string; advice: string; onClose: () => void }

/** A secret that is never told again. Closes only by its button, so that it is not lost by a click beside it. */
export function ShownOnce({ title, label, secret, advice, onClose }: ShownOnceProps) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      setCopied(true)
    } catch {
      toast.error('It could not be copied: select it and copy it by hand.')
    }
  }
  return (
    <Dialog isOpen onClose={() => undefined} title={title} description={advice}>
      <div className="flex flex-col gap-3">
        <div className="flex items-center gap-2 rounded-md border border-line-strong bg-raised p-2">
          <code aria-label={label} className="min-w-0 flex-1 text-sm break-all select-all">
            {secret}
          </code>
          <Button onClick={() => void copy()}>
            {isCopied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
            {isCopied ? 'Copied' : 'Copy'}
          </Button>
        </div>
        <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          It is shown this once. Whoever has it can use it: keep it where secrets are kept.
        </p>
        <div className="flex justify-end">
          <Button kind="primary" onClick={onClose}>
            I have stored it
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
