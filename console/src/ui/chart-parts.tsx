/** What the charts share: our colours, which follow the theme, and how axes and tips look. */
export const chartColors = {
  accent: 'var(--accent)',
  good: 'var(--good)',
  warn: 'var(--warn)',
  bad: 'var(--bad)',
  note: 'var(--note)',
  faint: 'var(--line-strong)',
} as const

export type ChartColor = keyof typeof chartColors

export const axisStyle = {
  tick: { fill: 'var(--ink-soft)', fontSize: 11 },
  stroke: 'var(--line)',
  tickLine: false,
} as const

export const tipStyle = {
  isAnimationActive: false,
  cursor: { fill: 'var(--raised)', stroke: 'var(--line-strong)' },
  contentStyle: {
    background: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 6,
    color: 'var(--ink)',
    fontSize: 12,
    padding: '6px 8px',
  },
  labelStyle: { color: 'var(--ink-soft)' },
  itemStyle: { color: 'var(--ink)', padding: 0 },
} as const

/** In the order in which the series are given. */
export const legendStyle = {
  iconSize: 10,
  itemSorter: null,
  wrapperStyle: { fontSize: 12 },
  formatter: legendText,
} as const

function legendText(name: string) {
  return <span style={{ color: 'var(--ink-soft)' }}>{name}</span>
}

export type ChartRow = Record<string, string | number | null>
export type ChartSeries = { key: string; name: string; color: ChartColor; isDashed?: boolean }

/** Before its place is measured, and where nothing is ever laid out. */
export const firstSize = { width: 600, height: 200 } as const
