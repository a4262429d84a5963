/** "12,50" and "1 250.5" as "12.50" and "1250.5"; null for what is no amount. Text, so that no cent is lost. */
export function plainAmount(typed: string): string | null {
  const text = typed.replaceAll(/[\s’']/g, '')
  const point = /^\d+,\d{1,2}$/.test(text) ? text.replace(',', '.') : text.replaceAll(',', '')
  return /^\d+(\.\d+)?$/.test(point) ? point : null
}
