import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane (about 20 ms).
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** argon2id (the library's default), in PHC string form. */
export const hashPassword = (password: string): Promise<string> => hash(password, parameters)

let decoy: Promise<string> | undefined

/** Whether the password is the one hashed. Without a hash it takes the same time and is false, so that a login tells nobody who exists. */
export async function checkPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const matches = await verify(passwordHash ?? (await decoy), password)
  return passwordHash !== null && matches
}
