/** Two breaths of wind, also the favicon. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" className="stroke-on-accent" strokeWidth="2.6" strokeLinecap="round">
        <path d="M6 12.5h13.2a3.4 3.4 0 1 0-3.3-4.3" />
        <path d="M6 17.5h17.2a3.2 3.2 0 1 1-3.1 4" />
        <path d="M6 22.5h8.4" />
      </g>
    </svg>
  )
}
