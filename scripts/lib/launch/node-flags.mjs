/**
 * Node's own flags by entry. An import creates much garbage: on a machine with much memory V8 would let it grow to some
 * 600 MiB; so it stays near 300, whatever the length of the file, for a tenth more time.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const nodeFlags = { 'scripts/import.ts': ['--max-semi-space-size=8', '--max-old-space-size=256'] }
