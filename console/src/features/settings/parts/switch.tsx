import { Switch as Primitive } from 'radix-ui'

type SwitchProps = { label: string; isOn: boolean; isDisabled?: boolean; onChange: (isOn: boolean) => void }

/** On or off, at once. The label is read out; what it is about stands beside it. */
export function Switch({ label, isOn, isDisabled = false, onChange }: SwitchProps) {
  return (
    <Primitive.Root
      aria-label={label}
      checked={isOn}
      disabled={isDisabled}
      onCheckedChange={onChange}
      className="inline-flex h-6 w-10 shrink-0 items-center rounded-full border border-line-strong bg-raised p-0.5 transition-colors disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
    >
      <Primitive.Thumb className="size-4 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-accent-ink" />
    </Primitive.Root>
  )
}

/** A switch with its name and what it does. */
export function SwitchRow({ hint, ...props }: SwitchProps & { hint?: string }) {
  return (
    <div className="flex items-start justify-between gap-4 py-2">
      <div>
        <p className="text-sm font-medium">{props.label}</p>
        {hint && <p className="text-xs text-ink-faint">{hint}</p>}
      </div>
      <Switch {...props} />
    </div>
  )
}
