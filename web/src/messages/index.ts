/** The catalogue in use. A second language is a second folder with the same shape; the build then chooses by locale. */
export * from './en';
