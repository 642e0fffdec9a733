declare module 'virtual:persisted-documents' {
  /** The id of each operation that was loaded, by its name; empty while developing. */
  export const documentIds: Readonly<Record<string, string>>
}
