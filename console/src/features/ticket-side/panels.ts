/** What is open beside or above the toolbar; one at a time. */
export type Panel =
  'assign' | 'snooze' | 'tags' | 'transfer' | 'escalate' | 'followUp' | 'merge' | 'split' | 'edit' | 'delete'

export type Panels = { open: Panel | null; show: (panel: Panel | null) => void }
