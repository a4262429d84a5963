import { RowsSkeleton } from './RowsSkeleton'

/** While a page's code is on its way. */
export function Waiting() {
  return (
    <main className="mx-auto max-w-[88rem] px-4 pt-8 sm:px-6" aria-busy="true">
      <p className="sr-only">Loading the page</p>
      <RowsSkeleton rows={8} height={56} />
    </main>
  )
}
