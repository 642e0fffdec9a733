import { visit, type DocumentNode } from 'graphql'

/** When it goes, as in "Use `b`. Goes on 2027-06-30." */
const dated = /\b20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b/

/** What is deprecated without saying from when it is gone. */
export function undated(document: DocumentNode): string[] {
  const found: string[] = []
  visit(document, {
    Directive(directive, _key, _parent, _path, ancestors) {
      if (directive.name.value !== 'deprecated') return
      const reason = directive.arguments?.find(({ name }) => name.value === 'reason')?.value
      if (reason?.kind === 'StringValue' && dated.test(reason.value)) return
      const names = ancestors.flatMap((one) => ('name' in one && one.name ? [one.name.value] : []))
      found.push(names.join('.'))
    },
  })
  return found
}
