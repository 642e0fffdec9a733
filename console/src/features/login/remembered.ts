import { useSetting } from '../../shared/settings.ts'

/** Where and as whom one logged in last at this browser; never the password. */
export type Remembered = { tenant: string; email: string }
const nothing: Remembered = { tenant: '', email: '' }

export const useRemembered = () => useSetting<Remembered>('lastLogin', nothing)
