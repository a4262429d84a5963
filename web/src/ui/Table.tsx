import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'

/** The look of all lists: quiet heads, lines between rows, numbers to the right, no sideways scroll. */
export function Table({
  label,
  className,
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    <table className={clsx('num w-full border-separate border-spacing-0', className)}>
      <caption className="sr-only">{label}</caption>
      {children}
    </table>
  )
}

type CellProps = ComponentProps<'td'> & { right?: boolean }

const CELL = 'px-2 first:pl-4 last:pr-4 sm:px-3 sm:first:pl-5 sm:last:pr-5'

export function Head({ right, className, ...props }: CellProps) {
  return (
    <th
      scope="col"
      className={clsx(
        CELL,
        'h-9 border-b border-line text-xs font-medium text-muted',
        right ? 'text-right' : 'text-left',
        className,
      )}
      {...props}
    />
  )
}

export type Column = { label: string; right?: boolean; className?: string }

/** The first row of a table: what its columns are called. */
export function Heads({ columns }: { columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ label, right, className }) => (
          <Head key={label} right={right} className={className}>
            {label}
          </Head>
        ))}
      </tr>
    </thead>
  )
}

export function Cell({ right, className, ...props }: CellProps) {
  return (
    <td
      className={clsx(CELL, 'border-b border-line py-2', right && 'text-right', className)}
      {...props}
    />
  )
}

/** The cell that names its row. */
export function RowHead({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="row"
      className={clsx(CELL, 'border-b border-line py-2 text-left font-normal', className)}
      {...props}
    />
  )
}

/** Of a row that leads somewhere: one link in its first cell covers all of it. */
export const LINK_ROW =
  'relative hover:bg-sunk has-focus-visible:bg-sunk [&:last-child>*]:border-b-0'
export const ROW = '[&:last-child>*]:border-b-0'
export const ROW_LINK =
  'font-medium text-ink outline-offset-[-2px] after:absolute after:inset-0 after:content-[""]'
