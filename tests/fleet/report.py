#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""report.py PAGE JSON: the page is well formed, stands alone, and shows what the JSON says.

Well formed: each element that has an end is closed where it should be. Alone: no script, no
link, nothing that a browser would fetch. The heights of a day's bars are to each other as the
numbers, a pixel at least.
"""
import html.parser
import json
import sys

EMPTY = {"meta", "line"}
ALLOWED = {
    "html", "head", "meta", "style", "title", "body", "h1", "h2", "p", "span", "table", "tr", "th",
    "td", "svg", "line", "text", "rect", "ul", "li",
}
HEIGHT = 200


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.bars, self.rows, self.limits = [], [], [], []

    def handle_starttag(self, tag, attributes):
        assert tag in ALLOWED, f"element {tag}"
        for name, value in attributes:
            assert not name.startswith("on") and name not in ("href", "src"), f"{tag} {name}"
            assert "://" not in value and "url(" not in value, f"{tag} {name}={value}"
        if tag in EMPTY:
            return
        self.open.append(tag)
        if tag == "rect":
            self.bars.append([float(dict(attributes)["height"]), ""])
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "li":
            self.limits.append("")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open}"
        self.open.pop()

    def handle_data(self, data):
        if self.open[-2:] == ["rect", "title"]:
            self.bars[-1][1] += data
        elif "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data
        elif "li" in self.open:
            self.limits[-1] += data


def main():
    page = Page()
    page.feed(open(sys.argv[1], encoding="utf-8").read())
    page.close()
    assert not page.open, f"{page.open} are not closed"
    told = json.load(open(sys.argv[2], encoding="utf-8"))
    bars, totals, most = {}, {}, 0
    for day in told["days"]:
        both = {}
        for kind in ("denied", "reported"):
            for reason, count in day[kind].items():
                both[reason] = both.get(reason, 0) + count
                totals.setdefault(reason, {"denied": 0, "reported": 0})[kind] += count
        bars.update({f"{day['day']}: {count} {reason}": count for reason, count in both.items()})
        most = max(most, sum(both.values()))
    assert sorted(bars) == sorted(name for _, name in page.bars), "the bars are of other days or reasons"
    for height, name in page.bars:
        wanted = max(1, bars[name] * HEIGHT / most)
        assert abs(height - wanted) < 0.01, f"{name} is {height} high, not {wanted:.2f}"
    rows = {row[0]: row for row in page.rows}
    for reason, both in totals.items():
        assert rows[reason][2:] == [str(both["denied"]), str(both["reported"])], rows[reason]
    assert page.limits == told["limits"], "the limits are others"


main()
