import clsx from 'clsx'
import type { CSSProperties } from 'react'
import { Delta } from './Delta'
import { Fresh } from './Fresh'
import { Sparkline } from './Sparkline'
import { Versus } from './Versus'

export type FigureShown = {
  value: number | null
  /** The value as text, its second part to be printed smaller. */
  parts: [string, string]
  /** The same figure of the period before, when the two are compared. */
  compared?: { before: number | null; text: string; change: number | null }
  /** The figure's own course, where it has one. */
  course?: { values: (number | null)[]; unfinished: boolean }
}

type FigureCardProps = {
  label: string
  /** What the figure means: its tooltip. */
  about?: string
  /** Null while it loads. */
  figure: FigureShown | null
  /** Pressed, when the card is one of several to choose from. */
  selected?: boolean
  opensDialog?: boolean
  /** None: the figure only stands there. */
  onClick?: () => void
  className?: string
}

/** One figure with its change and its course, as a button: what it does is for whoever shows it. */
export function FigureCard(props: FigureCardProps) {
  const { label, about, figure, selected, opensDialog, onClick, className } = props
  const look = clsx(
    '@container flex min-w-0 flex-col items-stretch rounded-card border bg-card p-3.5 text-left shadow-card sm:p-4',
    selected ? 'border-accent ring-1 ring-accent' : 'border-line',
    className,
  )
  const content = (
    <>
      <span
        className={clsx('text-[0.8125rem] font-medium', selected ? 'text-accent' : 'text-muted')}
      >
        {label}
      </span>
      {figure ? (
        <Filled {...figure} />
      ) : (
        <span className="waiting flex flex-1 flex-col">
          <span className="skeleton mt-2 h-6.5 w-3/4" />
          <span className="skeleton mt-3 h-4 w-1/2" />
          <span className="skeleton mt-auto h-8 w-full" />
        </span>
      )}
    </>
  )
  if (!onClick) {
    return (
      <div className={look} title={about}>
        {content}
      </div>
    )
  }
  return (
    <button
      type="button"
      aria-pressed={selected}
      aria-haspopup={opensDialog ? 'dialog' : undefined}
      onClick={onClick}
      title={about}
      className={clsx(look, 'transition-colors', !selected && 'hover:border-strong-line')}
    >
      {content}
    </button>
  )
}

function Filled({ value, parts: [whole, rest], compared, course }: FigureShown) {
  return (
    <>
      <span
        className="num figure block font-semibold"
        style={{ '--chars': Math.max(8, whole.length + rest.length) } as CSSProperties}
      >
        <Fresh of={value}>
          {whole}
          <span className="text-muted">{rest}</span>
        </Fresh>
      </span>
      <span className="num flex h-9 flex-wrap content-start gap-x-2 overflow-hidden text-[0.8125rem] leading-[1.125rem] sm:h-5">
        {compared && <Compared value={value} {...compared} />}
      </span>
      {course && (
        <span className="mt-auto">
          {course.values.length > 1 ? (
            <Sparkline {...course} />
          ) : (
            <Versus now={value} before={compared ? compared.before : null} />
          )}
        </span>
      )}
    </>
  )
}

type ComparedProps = NonNullable<FigureShown['compared']> & { value: number | null }

function Compared({ value, before, text, change }: ComparedProps) {
  const isNew = change === null && !before && (value ?? 0) > 0
  return (
    <>
      {(change !== null || isNew) && <Delta change={change} isNew={isNew} />}
      <span className="text-muted">
        <span className="sr-only">from </span>
        <span aria-hidden>vs </span>
        {before === null ? 'nothing' : text}
      </span>
    </>
  )
}
