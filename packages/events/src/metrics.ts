/** The part of prom-client's Gauge that is used here. */
export type Gauge = { set(labels: Record<string, string>, value: number): void }

/** The part of prom-client's Counter that is used here. */
export type Counter = { inc(labels: Record<string, string>, value?: number): void }
