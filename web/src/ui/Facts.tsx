import type { ReactNode } from 'react'

/** Names with their values. What is not known is left out by whoever asks. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 px-4 pb-4 sm:px-5">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="num min-w-0 text-right break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
