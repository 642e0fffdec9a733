import type { Finding } from '../problems.ts'
import type { Read } from '../reading.ts'

const markup = [
  /<[a-z!/?][^<>]{0,200}>?/i,
  /&(?:#x?[0-9a-f]{1,6}|[a-z]{2,8});/i,
  /!?\[[^\]\n]{0,200}\]\s?\(/,
  /`|~~~|\*\*|__/,
  /(?:^|\n)\s{0,3}(?:#{1,6}\s|>\s|\|)/,
]
const placeholders = [
  /\[[^\]\n]{1,60}\]/,
  /\{\{?[^{}\n]{0,60}\}?\}/,
  /\$\{|%s\b|%\w{2,20}%/,
  /\b(?:TODO|TBD|FIXME|XXX+|[Ll]orem ipsum|[Ii]nsert (?:name|date|amount|link) here|[Yy]our name here)\b/,
]
// Marks that turn or hide text, and tags; joiners belong between letters of other scripts and in emoji.
const hidden =
  /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u00ad\u180e\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u
const joined =
  /(?<![\p{Extended_Pictographic}\u{1f3fb}-\u{1f3ff}\ufe0f]|[^\P{L}\p{Script=Latin}])\p{Join_Control}|[\p{L}--\p{Script=Latin}]\p{Join_Control}(?=\p{Script=Latin})/v
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/
const stacked = /\p{M}{4}/u
const mixed =
  /\p{Script=Latin}[\p{M}]{0,3}[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}]|[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}][\p{M}]{0,3}\p{Script=Latin}/u
const styled = /[\u{1d400}-\u{1d7ff}\u{2460}-\u{24ff}\u{1f130}-\u{1f189}\uff01-\uff5e]/u

const first = (patterns: readonly RegExp[], text: string): string | null =>
  patterns.map((pattern) => pattern.exec(text)?.[0] ?? null).find((found) => found !== null) ?? null

/** Holds no character that is looked for, and no sign that markup begins with. */
const isAscii = /^[\n -~]*$/
const sign = /[<>&[`~*_#|]/

/** What only a machine reads. */
export function formOf(text: string): Finding[] {
  const characters = isAscii.test(text) ? null : first([hidden, joined, control, stacked, mixed, styled], text)
  return [...finding('CHARACTERS', characters), ...finding('MARKUP', sign.test(text) ? first(markup, text) : null)]
}

const finding = (code: Finding['code'], detail: string | null): Finding[] => (detail === null ? [] : [{ code, detail }])

/** `rest`: a product may well be called "Lamp [large]". */
export const form = ({ sentence, rest }: Read): Finding[] => [
  ...formOf(sentence.text),
  ...finding('PLACEHOLDER', first(placeholders, rest)),
]
