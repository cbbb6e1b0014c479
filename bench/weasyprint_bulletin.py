#!/usr/bin/env python3
"""The bulletin set by WeasyPrint, to measure our own printer against.

    pip install weasyprint
    python3 bench/weasyprint_bulletin.py PAPER.json [--runs 20] [--pdf OUT.pdf]

PAPER.json is the bulletin as ordered text (`bulletin::paper::Paper`): the words, tables and bars
that the typst template sets, so both programs print the same content with the same fonts on the
same A4 page. Fonts are loaded and one document is printed before the clock starts; then each run
builds the HTML, lays it out and writes the PDF. WeasyPrint is spared what ours does besides: tags
and PDF/A-2a. Prints one line of JSON: median milliseconds, all runs, pages, bytes.
"""

import argparse
import html
import json
import pathlib
import statistics
import time

import weasyprint
from weasyprint.text.fonts import FontConfiguration

FONTS = pathlib.Path(__file__).resolve().parent.parent / "crates/yuekao/assets/fonts"

CSS = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm;
  @bottom-center { content: "— " counter(page) " —\\A " string(foot); white-space: pre-wrap;
    font: 7.5pt "Noto Sans SC"; color: #6e6e6e; text-align: center } }
html { font: 16pt/10.227mm "Noto Serif SC"; letter-spacing: -0.2pt }
body, p, h1, h2 { margin: 0 }
p { text-indent: 2em; text-align: justify }
.foot { string-set: foot content(); position: absolute; height: 0; overflow: hidden }
.mark { position: fixed; left: 20mm; font: 30pt "Noto Sans SC"; color: #dedede;
  letter-spacing: .1em; white-space: nowrap; transform: rotate(-32deg); z-index: -1 }
.head { margin-top: 35mm; color: #d7000f; font-size: 24pt; font-weight: bold; text-align: center;
  white-space: nowrap }
.number { margin: 10mm 0 4mm; padding-bottom: 4mm; text-align: center; border-bottom: 1.2pt solid #d7000f }
h1 { font-size: 22pt; text-align: center; margin: 10mm 0 6mm }
h2 { font: bold 16pt/10.227mm "Noto Sans SC"; text-indent: 2em; break-after: avoid }
table { width: 100%; table-layout: fixed; border-collapse: collapse; margin: 8pt 0 14pt;
  font: 10.5pt/1.1 "Noto Sans SC"; letter-spacing: 0 }
table.long { font-size: 9pt }
td, th { border: .5pt solid; padding: .45em 3pt; text-align: center }
table.long td, table.long th { padding: .22em 3pt }
td.prose { text-align: left }
tr { break-inside: avoid }
td { overflow-wrap: anywhere }
svg { display: block; margin: 6pt 0 14pt; break-inside: avoid }
.unindented { text-indent: 0 }
.sign { text-align: right; margin: 20mm 2em 0; break-inside: avoid }
.attachment { break-before: page }
.label { font: bold 16pt "Noto Sans SC"; text-indent: 0 }
.colophon { font-size: 14pt; border-top: .35mm solid; border-bottom: .35mm solid; margin-top: 12mm;
  break-inside: avoid }
.colophon p { text-indent: 0; padding: 2pt 1em }
.colophon p + p { border-top: .25mm solid }
.issued { float: right; white-space: nowrap; text-indent: 0 }
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paper", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--pdf", type=pathlib.Path, help="write the last file here")
    arguments = parser.parse_args()

    paper = json.loads(arguments.paper.read_text(encoding="utf-8"))
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(string=font_faces() + CSS, font_config=fonts)
    document = weasyprint.HTML(string=page(paper)).render(stylesheets=[sheet], font_config=fonts)
    document.write_pdf()

    milliseconds = []
    for run in range(arguments.runs):
        # Another digest each time, as ours gets: no run may be answered from a cache.
        paper["digest"] = f"{run:064x}"
        start = time.perf_counter()
        document = weasyprint.HTML(string=page(paper)).render(stylesheets=[sheet], font_config=fonts)
        pdf = document.write_pdf()
        milliseconds.append((time.perf_counter() - start) * 1000)
    if arguments.pdf:
        arguments.pdf.write_bytes(pdf)
    print(json.dumps({
        "tool": f"weasyprint {weasyprint.__version__}",
        "median_ms": round(statistics.median(milliseconds), 1),
        "runs_ms": [round(run, 1) for run in milliseconds],
        "pages": len(document.pages),
        "bytes": len(pdf),
    }))


def font_faces() -> str:
    faces = []
    for family in ("Serif", "Sans"):
        for weight in ("Regular", "Bold"):
            url = (FONTS / f"Noto{family}SC-{weight}-subset.ttf").as_uri()
            faces.append(
                f'@font-face {{ font-family: "Noto {family} SC"; font-weight: {weight.replace("Regular", "normal").lower()};'
                f' src: url("{url}") }}'
            )
    return "\n".join(faces)


def page(paper: dict) -> str:
    text = html.escape
    marks = "<br>".join(map(text, paper["watermarks"]))
    body = [f'<div class="foot">{"  ".join(map(text, paper["watermarks"]))}  SHA-256 {paper["digest"]}</div>']
    if marks:
        body += [f'<div class="mark" style="top:{top}mm">{marks}</div>' for top in (55, 165)]
    body += [
        f'<div class="head">{text(paper["letterhead"])}</div>',
        f'<div class="number">{text(paper["number"])}</div>',
        f'<h1>{text(paper["title"])}</h1>',
        f'<p class="unindented">{text(paper["salutation"])}</p>',
        f'<p>{text(paper["intro"])}</p>',
    ]
    for section in paper["sections"]:
        body.append(f'<h2>{text(section["heading"])}</h2>')
        body += map(part, section["parts"])
    titles = "<br>".join(f'{index}. {text(it["title"])}' for index, it in enumerate(paper["attachments"], 1))
    body.append(f'<p>{text(paper["attachments_label"])}<br>{titles}</p>')
    body.append(f'<p class="sign">{text(paper["issuer"])}<br>{text(paper["date"])}</p>')
    for it in paper["attachments"]:
        body.append(f'<p class="label attachment">{text(it["label"])}</p><h1>{text(it["title"])}</h1>')
        body += map(part, it["parts"])
    copies = f'<p>{text(paper["copies"])}</p>' if paper["copies"] else ""
    issued = f'<p><span class="issued">{text(paper["issued"])}</span>{text(paper["issuer"])}</p>'
    body.append(f'<div class="colophon">{copies}{issued}</div>')
    return f'<!doctype html><html lang="zh-CN"><title>{text(paper["title"])}</title><body>{"".join(body)}</body></html>'


def part(it: dict) -> str:
    if it["kind"] == "text":
        return f'<p>{html.escape(it["text"])}</p>'
    return table(it["table"]) if it["kind"] == "table" else chart(it)


def table(data: dict) -> str:
    total = sum(column["width"] for column in data["columns"])
    widths = "".join(f'<col style="width:{100 * column["width"] / total:.2f}%">' for column in data["columns"])
    heads = "".join(f'<th>{html.escape(column["title"])}</th>' for column in data["columns"])
    classes = [' class="prose"' if column["prose"] else "" for column in data["columns"]]
    rows = "".join(
        "<tr>" + "".join(f'<td{classes[index]}>{html.escape(cell["text"])}</td>' for index, cell in enumerate(row)) + "</tr>"
        for row in data["rows"]
    )
    long = ' class="long"' if len(data["rows"]) > 24 else ""
    return f"<table{long}>{widths}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def chart(it: dict) -> str:
    most = max([bar["count"] for bar in it["bars"]] + [1])
    height = 20 * len(it["bars"]) + 24
    font = 'font-family="Noto Sans SC" font-size="10.5"'
    marks = [f'<text x="221" y="12" text-anchor="middle" {font} font-weight="bold">{html.escape(it["title"])}</text>']
    for index, bar in enumerate(it["bars"]):
        top, width = 24 + 20 * index, 204 * bar["count"] / most
        marks.append(f'<text x="130" y="{top + 9}" text-anchor="end" {font}>{html.escape(bar["title"])}</text>')
        marks.append(f'<rect x="138" y="{top}" width="{width:.2f}" height="9" fill="#41628c"/>')
        marks.append(f'<text x="{144 + width:.2f}" y="{top + 9}" {font}>{bar["count"]} ({bar["share"]}%)</text>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="442pt" height="{height}pt" viewBox="0 0 442 {height}">{"".join(marks)}</svg>'


if __name__ == "__main__":
    main()
