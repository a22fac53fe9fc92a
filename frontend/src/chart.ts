// The explorable line: canvas, tooltip drawn as text in the canvas, colours from the page's tokens.
import { LineChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { ExplorerData } from "./explorer";

use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, DataZoomInsideComponent, CanvasRenderer]);

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function explore(frame: HTMLElement, data: ExplorerData): () => string {
  const shown = document.createElement("div");
  shown.className = "explorer";
  frame.replaceChildren(shown);
  frame.classList.add("explored");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const chart = init(shown, null, { renderer: "canvas" });
  const number = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", {
    maximumFractionDigits: data.places ?? 2,
  });
  const colours = { this: token("--cat-1"), before: token("--text-3"), target: token("--gold"), forecast: token("--cat-1") };
  const words = { fontFamily: "Inter, sans-serif", color: token("--text-2"), fontSize: 13 };

  // The axis has places for its points only: a break is drawn on the first one after it.
  const breaks = {
    silent: true, symbol: "none", lineStyle: { color: token("--text-3"), type: "dashed" as const, width: 1 },
    label: { ...words, position: "insideEndTop" as const, rotate: 0, formatter: "{b}" },
    data: data.breaks.map(([at, name]) => ({ name, xAxis: at })),
  };

  chart.setOption({
    animation: !still,
    textStyle: words,
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis", renderMode: "richText", backgroundColor: token("--panel"), borderColor: token("--line-strong"),
      textStyle: { ...words, color: token("--text") },
    },
    dataZoom: [{ type: "inside", filterMode: "none" }],
    xAxis: { type: "category", data: data.periods, boundaryGap: false, axisLabel: words, axisLine: { lineStyle: { color: token("--line-strong") } } },
    yAxis: {
      type: "value", scale: !data.fromZero, splitNumber: 4, axisLabel: { ...words, formatter: (value: number) => number.format(value) },
      splitLine: { lineStyle: { color: token("--line") } },
    },
    series: data.series.map((line) => ({
      type: "line", name: line.name, data: line.points, connectNulls: false, symbol: line.role === "this" ? "circle" : "none", symbolSize: 5,
      lineStyle: {
        color: colours[line.role], width: line.role === "this" ? 2.25 : 1.5,
        type: line.role === "target" ? "dotted" : line.role === "forecast" ? "dashed" : "solid",
      },
      itemStyle: { color: colours[line.role] },
      tooltip: {
        valueFormatter: (value: unknown, index: number) => {
          const made = line.made[index];
          return value == null ? "–" : `${number.format(Number(value))} ${data.unit}${made ? ` (${made})` : ""}`;
        },
      },
      markLine: line.role === "this" ? breaks : undefined,
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(shown);
  return () => chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: token("--panel") });
}
