/** What a benchmark is asked. `seconds`: about how long it may take; `quick`: the short form, which only checks that it works. */
export type BenchOptions = {
  seconds: number | null
  quick: boolean
  /** tells people what is going on */
  log(line: string): void
}

/** Numbers by name, as `docs/benchmarks.md` lists them; one that was not measured is left out. */
export type Figures = { [name: string]: number | string | Figures }

/** What a benchmark found: a table for people, and figures for programs. */
export type BenchResult = { table: { columns: string[]; rows: (string | number)[][] }; figures: Figures }

/** A benchmark is a file of `bench/` that exports `run`, and Node's flags if it needs any. */
export type Benchmark = { run(options: BenchOptions): Promise<BenchResult>; nodeFlags?: readonly string[] | undefined }
