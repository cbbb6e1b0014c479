"""The bulletin set by WeasyPrint: the other side of `scripts/bench`, which prints with a [Press].

A paper is the bulletin as ordered text (`bulletin::paper::Paper`): the words, tables and bars that the typst template
sets, so both programs print the same content with the same fonts on the same A4 page. Fonts are loaded before the
clock starts; then each run builds the HTML, lays it out and writes the PDF. WeasyPrint is spared what ours does
besides: tags and PDF/A-2a.
"""

import html
import pathlib
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
.foot { string-set: foot attr(title) }
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
figure { margin: 6pt 0 14pt; break-inside: avoid; font: 10.5pt/20pt "Noto Sans SC"; letter-spacing: 0 }
figcaption { font-weight: bold; text-align: center }
figure div { white-space: nowrap }
.what { display: inline-block; width: 130pt; text-align: right }
.bar { display: inline-block; height: 9pt; margin: 0 6pt 0 8pt; background: #41628c }
.unindented { text-indent: 0 }
.sign { text-align: right; margin: 20mm 2em 0; break-inside: avoid }
.attachment { break-before: page }
.label { font: bold 16pt "Noto Sans SC"; text-indent: 0 }
.colophon { font-size: 14pt; border-top: .35mm solid; border-bottom: .35mm solid; margin-top: 12mm;
  break-inside: avoid }
.colophon p { text-indent: 0; padding: 2pt 1em }
.colophon p + p { border-top: .25mm solid }
table.issued { table-layout: auto; margin: 0; font: inherit; border-top: .25mm solid }
table.issued td { border: none; padding: 2pt 1em; text-align: left }
table.issued td + td { text-align: right; white-space: nowrap }
"""


class Press:
    """WeasyPrint with the fonts loaded."""

    def __init__(self):
        self.name = f"WeasyPrint {weasyprint.__version__}"
        self.fonts = FontConfiguration()
        self.sheet = weasyprint.CSS(string=font_faces() + CSS, font_config=self.fonts)

    def print(self, paper: dict) -> tuple[float, bytes, int]:
        """Milliseconds from the paper to the PDF, the PDF, and its pages."""
        start = time.perf_counter()
        document = weasyprint.HTML(string=page(paper)).render(stylesheets=[self.sheet], font_config=self.fonts)
        pdf = document.write_pdf()
        return (time.perf_counter() - start) * 1000, pdf, len(document.pages)


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
    foot = "  ".join([*paper["watermarks"], f'SHA-256 {paper["digest"]}'])
    body = [f'<div class="foot" title="{text(foot)}"></div>']
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
    issued = f'<tr><td>{text(paper["issuer"])}<td>{text(paper["issued"])}</table>'
    body.append(f'<div class="colophon">{copies}<table class="issued">{issued}</div>')
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
    bars = "".join(
        f'<div><span class="what">{html.escape(bar["title"])}</span>'
        f'<span class="bar" style="width:{204 * bar["count"] / most:.2f}pt"></span>{bar["count"]} ({bar["share"]}%)</div>'
        for bar in it["bars"]
    )
    return f'<figure><figcaption>{html.escape(it["title"])}</figcaption>{bars}</figure>'
