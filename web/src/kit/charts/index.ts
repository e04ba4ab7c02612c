export { BarChart, ForecastChart, type ForecastPoint, Heatmap, LineChart, type Series } from './charts';
