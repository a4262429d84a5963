/** How a field of the sign-in pages looks. */
export const INPUT =
  'h-11 w-full rounded-lg border border-strong-line bg-card px-3 text-base sm:text-sm aria-invalid:border-down'
