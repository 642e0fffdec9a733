import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import {
  axisStyle,
  chartColors,
  firstSize,
  legendStyle,
  tipStyle,
  type ChartRow,
  type ChartSeries,
} from './chart-parts.tsx'

/** Bars beside each other, or one on the other; lying where their names are long. */
export function ChartBars({
  title,
  rows,
  x,
  bars,
  format,
  height,
  isLying = false,
  isStacked = false,
  isWhole = false,
  nameWidth = 130,
}: {
  title: string
  rows: ChartRow[]
  x: string
  bars: readonly ChartSeries[]
  format: (value: number) => string
  height?: number
  isLying?: boolean
  isStacked?: boolean
  /** Counts have no steps between them. */
  isWhole?: boolean
  nameWidth?: number
}) {
  const tall = height ?? (isLying ? rows.length * (18 + 12 * (isStacked ? 1 : bars.length)) + 40 : 220)
  const names = { dataKey: x, type: 'category' as const, ...axisStyle }
  const figures = {
    ...{ type: 'number' as const, ...axisStyle, axisLine: false, tickFormatter: format, tickCount: 5 },
    allowDecimals: !isWhole,
  }
  return (
    <ResponsiveContainer width="100%" height={tall} initialDimension={{ ...firstSize, height: tall }}>
      <BarChart
        data={rows}
        title={title}
        layout={isLying ? 'vertical' : 'horizontal'}
        barGap={2}
        margin={{ top: 6, right: 12, bottom: 0, left: 0 }}
      >
        <CartesianGrid stroke="var(--line)" strokeDasharray="2 4" vertical={isLying} horizontal={!isLying} />
        {isLying ? (
          <>
            <XAxis {...figures} />
            <YAxis {...names} width={nameWidth} interval={0} />
          </>
        ) : (
          <>
            <XAxis {...names} minTickGap={24} />
            <YAxis {...figures} width="auto" />
          </>
        )}
        <Tooltip {...tipStyle} formatter={(value) => format(Number(value))} />
        {bars.length > 1 && <Legend {...legendStyle} />}
        {bars.map(({ key, name, color }) => (
          <Bar
            key={key}
            dataKey={key}
            name={name}
            fill={chartColors[color]}
            maxBarSize={28}
            radius={isStacked ? 0 : 2}
            isAnimationActive={false}
            {...(isStacked && { stackId: 'all' })}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  )
}
