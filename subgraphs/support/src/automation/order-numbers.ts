const most = 20

/** Numbers in a text that look like those of orders: four to twelve digits, with `#` or standing alone; no years, dates, amounts, phones. Pure. */
export function orderNumbersIn(text: string): string[] {
  const found = text.matchAll(/(?<![\w+.,/:#-])(#?)(\d{4,12})(?![\w%€$£]|[-.,/:]\d| ?\d{2,})/g)
  const numbers = [...found].flatMap(([, sign, digits]) =>
    digits !== undefined && (sign !== '' || !/^(19|20)\d\d$/.test(digits)) ? [digits] : [],
  )
  return [...new Set(numbers)].slice(0, most)
}
