export { adminText } from './en/admin';
export { commonText } from './en/common';
export { pageText } from './en/pages';
export { shellText } from './en/shell';
export { tillText } from './en/till';
export { importText, targetCopyText, workText } from './en/work';
