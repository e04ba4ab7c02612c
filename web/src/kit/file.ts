/** Hands a file to the browser to be kept. */
export function saveFile(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A text as a file that spreadsheets read as UTF-8. */
export function saveText(name: string, text: string, type: string): void {
  saveFile(name, new Blob(['\ufeff', text], { type: `${type};charset=utf-8` }));
}
