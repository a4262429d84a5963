/** As many grey rows as the list will have, at their final height. */
export function RowsSkeleton({ rows, height }: { rows: number; height: number }) {
  return (
    <div className="waiting px-4 pb-3 sm:px-5" aria-hidden>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex items-center gap-4" style={{ height }}>
          <span className="skeleton h-4" style={{ width: `${58 - (index % 4) * 9}%` }} />
          <span className="skeleton ml-auto h-4 w-1/5" />
        </div>
      ))}
    </div>
  )
}
