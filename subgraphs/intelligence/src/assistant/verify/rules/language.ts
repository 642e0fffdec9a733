import { wordsOf } from '../plain.ts'
import type { Rule } from '../reading.ts'

const common = new Set(
  'a about after all also am an and any are as at be been before but by can cannot could day did do does for from get had has have he help hello hi how i if in is it its just know let like ll make may me more my need new no not now of on one or order other our out please re see send should so some sorry soon tell than thank thanks that the their them then there they this to up us ve want was we were what when where which who why will with would yes you your'.split(
    ' ',
  ),
)
const other = /[^\P{L}\p{Script=Latin}]/u
const leastWords = 5
const foreign =
  /(?<![\p{L}])(?:erstatt|rückerstatt|gutschrift|gutschein|rabatt|kostenlos|versprech|garantier|rembours|remise|gratuit|garanti|reembols|devolver|descuento|gratis|garantiz|rimbors|sconto|gratuit|terugbetal|korting|desconto|zwrot|rabat|återbetal)\p{L}{0,12}/iu

/** The rules read English: what they cannot read they do not let through. */
export const language: Rule = ({ rest, sentence }) => {
  const words = wordsOf(rest)
  const otherScript = other.test(rest) ? words.find((word) => other.test(word)) : undefined
  const known = words.filter((word) => common.has(word)).length
  const unread = words.length >= leastWords && known * 8 < words.length ? sentence.text : undefined
  return [otherScript, foreign.exec(rest)?.[0], unread].flatMap((detail) =>
    detail === undefined ? [] : [{ code: 'LANGUAGE', detail }],
  )
}
