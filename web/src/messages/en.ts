export { adminText } from './en/admin';
export { bookText } from './en/books';
export { commonText } from './en/common';
export { pageText } from './en/pages';
export { reportText } from './en/reports';
export { setupText } from './en/setup';
export { shellText } from './en/shell';
export { tillText } from './en/till';
export { importText, targetCopyText, workText } from './en/work';
