import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import {
  axisStyle,
  chartColors,
  firstSize,
  legendStyle,
  tipStyle,
  type ChartRow,
  type ChartSeries,
} from './chart-parts.tsx'

/** Lines over days. Arrow keys move from point to point while the chart has the focus. */
export function ChartLines({
  title,
  rows,
  x,
  lines,
  format,
  height = 220,
  top,
  isWhole = false,
}: {
  title: string
  rows: ChartRow[]
  x: string
  lines: readonly ChartSeries[]
  format: (value: number) => string
  height?: number
  top?: number
  /** Counts have no steps between them. */
  isWhole?: boolean
}) {
  return (
    <ResponsiveContainer width="100%" height={height} initialDimension={{ ...firstSize, height }}>
      <LineChart data={rows} title={title} margin={{ top: 6, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid stroke="var(--line)" strokeDasharray="2 4" vertical={false} />
        <XAxis dataKey={x} {...axisStyle} minTickGap={24} />
        <YAxis
          {...axisStyle}
          width="auto"
          axisLine={false}
          tickCount={4}
          tickFormatter={format}
          allowDecimals={!isWhole}
          domain={[0, top ?? 'auto']}
        />
        <Tooltip {...tipStyle} formatter={(value) => format(Number(value))} />
        {lines.length > 1 && <Legend {...legendStyle} />}
        {lines.map(({ key, name, color, isDashed = false }) => (
          <Line
            key={key}
            dataKey={key}
            name={name}
            stroke={chartColors[color]}
            strokeWidth={2}
            strokeDasharray={isDashed ? '5 4' : '0'}
            dot={rows.filter((row) => row[key] !== null).length < 32 ? { r: 2.5, fill: chartColors[color] } : false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  )
}
