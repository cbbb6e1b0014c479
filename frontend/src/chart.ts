import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { EChartsCoreOption } from "echarts/core";
import { calmMotion, canvasOf, dataOf, onTheme, token } from "./data";

use([LineChart, BarChart, GridComponent, LegendComponent, TitleComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

/** What the server says about one chart. Every text is already in the reader's language. */
export interface ChartData {
  kind: "line" | "bar" | "pareto" | "multiples";
  title: string;
  /** Months or categories. */
  x: string[];
  series: Series[];
  /** Written at the value axis, for instance 得分. */
  axis: string;
  /** Digits behind the point, as published. */
  digits: number;
  /** `pareto` only: the name of the line of running shares. */
  cumulative?: string;
}

export interface Series {
  name: string;
  /** Decimals as text; null where a month has no value (the line breaks there). */
  values: (string | null)[];
  /** Drawn strong, the others stand back. */
  highlight?: boolean;
  /** Where a click leads. */
  href?: string;
}

export async function mount(figure: HTMLElement) {
  const data = await dataOf<ChartData>(figure);
  const canvas = canvasOf(figure);
  const columns = () => (canvas.clientWidth < 520 ? 2 : 4);
  if (data.kind === "multiples") canvas.style.height = `${Math.ceil(data.series.length / columns()) * 132 + 16}px`;
  // On a phone the names of categories have room beside lying bars only; the running share stands in the table.
  if (data.kind === "pareto" && canvas.clientWidth < 520) data.kind = "bar";
  if (data.kind === "bar") canvas.style.height = `${data.x.length * 34 + 48}px`;

  // Canvas, not SVG: the SVG renderer writes style attributes, which our content policy forbids.
  const chart = init(canvas, undefined, { renderer: "canvas" });
  const redraw = () => chart.setOption(optionOf(data, canvas.clientWidth, columns()), true);
  redraw();
  onTheme(redraw);
  new ResizeObserver(() => {
    chart.resize();
    redraw();
  }).observe(canvas);
  chart.on("click", ({ seriesName }) => {
    const href = data.series.find((series) => series.name === seriesName)?.href;
    if (href) location.assign(href);
  });
}

function optionOf(data: ChartData, width: number, columns: number): EChartsCoreOption {
  const shape = { line: lines, bar: bars, pareto: pareto, multiples: (d: ChartData) => multiples(d, columns) }[data.kind];
  return {
    animation: !calmMotion(),
    animationDuration: 300,
    textStyle: { fontFamily: token("sans"), color: token("ink") },
    aria: { enabled: true, label: { description: data.title } },
    tooltip: {
      trigger: data.kind === "bar" ? "item" : "axis",
      // Drawn on the canvas: an HTML tooltip carries style attributes.
      renderMode: "richText",
      confine: true,
      order: "valueDesc",
      backgroundColor: token("surface"),
      borderColor: token("line-strong"),
      textStyle: { color: token("ink"), fontSize: 13, fontFamily: token("sans") },
      valueFormatter: (value: unknown) => (value == null ? "—" : Number(value).toFixed(data.digits)),
    },
    ...shape(data, width),
  };
}

/** Hues that stay apart for any colour vision; symbols differ too, and each line bears its name. */
const HUES = ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7", "series-8"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];

const numbers = (series: Series) => series.values.map((value) => (value === null ? null : Number(value)));
const axisText = () => ({ color: token("ink-soft"), fontSize: 12 });
const rule = () => ({ lineStyle: { color: token("line") } });
const categories = (data: string[]) => ({
  type: "category", data, axisLabel: { ...axisText(), hideOverlap: true }, axisTick: { show: false }, axisLine: rule(),
});
const values = (data: ChartData) => ({
  type: "value", name: data.axis, nameTextStyle: { ...axisText(), align: "left" }, scale: true, splitNumber: 4, axisLabel: axisText(), splitLine: rule(),
});

function lines(data: ChartData, width: number) {
  const someStand = data.series.some((series) => series.highlight);
  const names = width >= 520;
  return {
    grid: { left: 8, right: names ? 96 : 16, top: 36, bottom: names ? 8 : 64, containLabel: true },
    legend: { show: !names, bottom: 0, type: "scroll", textStyle: axisText(), pageTextStyle: axisText() },
    xAxis: { ...categories(data.x), boundaryGap: false },
    yAxis: values(data),
    series: data.series.map((series, i) => {
      const back = someStand && !series.highlight;
      const colour = back ? token("line-strong") : token(HUES[i % HUES.length]!);
      return {
        type: "line", name: series.name, data: numbers(series), z: back ? 2 : 3,
        symbol: SYMBOLS[i % SYMBOLS.length], symbolSize: back ? 4 : 7,
        lineStyle: { width: series.highlight ? 3 : back ? 1.2 : 2 }, color: colour,
        endLabel: { show: names, formatter: "{a}", color: back ? token("ink-soft") : colour, fontSize: 12, fontWeight: series.highlight ? "bold" : "normal" },
        labelLayout: { moveOverlap: "shiftY" },
        emphasis: { focus: "series" },
      };
    }),
  };
}

function bars(data: ChartData, width: number) {
  const percent = data.axis === "%";
  return {
    grid: { left: 8, right: 64, top: 8, bottom: data.series.length > 1 ? 32 : 8, containLabel: true },
    legend: { show: data.series.length > 1, bottom: 0, textStyle: axisText() },
    // A rate ends at 100 %.
    xAxis: { ...values(data), name: "", scale: false, ...(percent ? { max: 100, axisLabel: { ...axisText(), formatter: "{value}%" } } : {}) },
    yAxis: { ...categories(data.x), inverse: true, axisLabel: { ...axisText(), interval: 0, width: Math.max(84, width * 0.34), overflow: "break" } },
    series: data.series.map((series, i) => ({
      type: "bar", name: series.name, data: numbers(series), barMaxWidth: 20, color: token(HUES[i % HUES.length]!),
      label: { show: true, position: "right", color: token("ink"), fontSize: 12, formatter: ({ value }: { value: number | null }) => (value === null ? "" : value.toFixed(data.digits) + (percent ? "%" : "")) },
    })),
  };
}

/** Bars from large to small with the running share of the whole: where most of it comes from. */
function pareto(data: ChartData, width: number) {
  const counts = numbers(data.series[0]!).map((value) => value ?? 0);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const running = counts.map((_, i) => (total ? (counts.slice(0, i + 1).reduce((sum, n) => sum + n, 0) / total) * 100 : 0));
  return {
    grid: { left: 8, right: 8, top: 36, bottom: 40, containLabel: true },
    legend: { bottom: 0, textStyle: axisText() },
    xAxis: { ...categories(data.x), axisLabel: { ...axisText(), interval: 0, width: Math.max(24, (width - 96) / data.x.length - 4), overflow: "break" } },
    yAxis: [
      { ...values(data), scale: false },
      { type: "value", max: 100, axisLabel: { ...axisText(), formatter: "{value}%" }, splitLine: { show: false } },
    ],
    series: [
      { type: "bar", name: data.series[0]!.name, data: counts, barMaxWidth: 36, color: token("series-1"),
        label: { show: true, position: "top", color: token("ink"), fontSize: 12 } },
      { type: "line", name: data.cumulative, yAxisIndex: 1, data: running, color: token("series-2"), symbol: "diamond", symbolSize: 7,
        tooltip: { valueFormatter: (value: unknown) => `${Number(value).toFixed(1)}%` } },
    ],
  };
}

/** One small chart per series on one common scale, so that heights compare across them. */
function multiples(data: ChartData, columns: number) {
  const known = data.series.flatMap(numbers).filter((value) => value !== null);
  const [low, high] = [Math.floor(Math.min(...known)), Math.ceil(Math.max(...known))];
  const place = (i: number) => ({ column: i % columns, row: Math.floor(i / columns) });
  const share = 100 / columns;
  return {
    title: data.series.map((series, i) => ({
      text: series.name, left: `${place(i).column * share + 0.5}%`, top: place(i).row * 132,
      textStyle: { fontSize: 13, fontWeight: series.highlight ? "bold" : "normal", color: token("ink"), fontFamily: token("sans") },
    })),
    grid: data.series.map((_, i) => ({
      left: `${place(i).column * share + 4}%`, width: `${share - 6}%`, top: place(i).row * 132 + 32, height: 80,
    })),
    xAxis: data.series.map((_, i) => ({
      ...categories(data.x), gridIndex: i, boundaryGap: false,
      axisLabel: { ...axisText(), fontSize: 10, interval: 0, formatter: (month: string, at: number) => (at === 0 || at === data.x.length - 1 ? month : ""), alignMinLabel: "left", alignMaxLabel: "right" },
    })),
    yAxis: data.series.map((_, i) => ({
      type: "value", gridIndex: i, min: low, max: high, interval: high - low, axisLabel: { ...axisText(), fontSize: 10 }, splitLine: rule(),
    })),
    series: data.series.map((series, i) => ({
      type: "line", name: series.name, data: numbers(series), xAxisIndex: i, yAxisIndex: i,
      symbol: "circle", symbolSize: 3, color: token(series.highlight ? "series-2" : "series-1"), lineStyle: { width: series.highlight ? 2.5 : 1.8 },
    })),
  };
}
