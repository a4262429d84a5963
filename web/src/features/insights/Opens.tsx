import clsx from 'clsx'
import type { ReactNode } from 'react'
import { explainUrl, useExplain } from './explaining'
import { useCatalogue } from './queries'

type OpensProps = {
  metric: string
  /** Where the figure opens; `{metric}` stands for the metric. None: the figure stands as it is. */
  url: string | undefined
  /** Whose figure it is: "Amazon". */
  of?: string
  className?: string
  children: ReactNode
}

/** A figure that leads to what it is made of. */
export function Opens({ metric, url, of, className, children }: OpensProps) {
  const explain = useExplain()
  const info = useCatalogue()?.get(metric)
  if (!url || !info) return <span className={className}>{children}</span>
  const title = of ? `${info.label} of ${of}` : info.label
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title={`${info.label}: ${info.formula}. Press to see where it comes from.`}
      onClick={() => explain({ title, url: explainUrl(url, metric) })}
      className={clsx(
        'decoration-faint decoration-dotted underline-offset-4 hover:text-accent hover:underline pointer-coarse:min-h-6',
        className,
      )}
    >
      {children}
    </button>
  )
}
