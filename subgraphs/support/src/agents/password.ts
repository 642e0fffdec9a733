import { hash, verify } from '@node-rs/argon2'
import { refuse } from '@quimbi/service/errors.ts'

// OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane (about 20 ms).
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** argon2id (the library's default), in PHC string form. */
export const hashPassword = (password: string): Promise<string> => hash(password, parameters)

const longest = 1_024

/** Refuses a password that is too short to keep anybody out, or longer than is worth hashing. */
export function checkNewPassword(password: string, path: string[]): void {
  if (password.length < 10) refuse('INVALID', 'A password has at least 10 characters.', path)
  if (password.length > longest) refuse('TOO_LONG', 'A password has at most 1,024 characters.', path)
}

let decoy: Promise<string> | undefined

/** Whether the password is the one hashed. Without a hash it takes the same time and is false, so that a login tells nobody who exists. */
export async function checkPassword(passwordHash: string | null, password: string): Promise<boolean> {
  // Longer than any password can be: not worth hashing.
  if (password.length > longest) return false
  decoy ??= hashPassword('nobody has this password')
  const matches = await verify(passwordHash ?? (await decoy), password)
  return passwordHash !== null && matches
}
