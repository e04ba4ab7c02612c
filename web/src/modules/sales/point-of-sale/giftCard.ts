/** A card's code in groups of four, as it is printed on cards: 6011 0009 9013 9424. */
export function groupedCode(code: string): string {
  return /^\d{16}$/.test(code) ? code.replace(/(.{4})(?=.)/g, '$1 ') : code;
}

/** A code as it is scanned or typed, without the spaces and dashes that cards have between its groups. */
export function plainCode(typed: string): string {
  return typed.replace(/[\s-]/g, '');
}
