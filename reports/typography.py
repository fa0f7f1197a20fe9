"""Chinese typography that the layout engine does not know: which signs stay together on one line.

The engine breaks lines by Unicode's rules, which keep closing marks off the head of a line and opening ones
off its end; but they let a line end between a figure and the Chinese word that counts it.
"""

import re

from markupsafe import Markup, escape

_COUNTED = "年度|年|个月|月|日|个|家|座|处|份|条|项|页|号|天|人|元|里|度|亩|倍|次|批"
_MATTER = "矿石|原煤|原油|金属"
_UNIT = (
    rf"(?:{_MATTER})?[千万亿百]*(?:吨|立方米|平方米|平方公里|公里|米|升|克|元|亩|t|m[23²³]|km[²2]|km|m|kt|Mt)"
    rf"(?:/(?:m³|m3|[年月日天ad]))?"
)
_NUMBER = r"[+\-−<>]?\d(?:[\d,]*\d)?(?:\.\d+)?"
_FIGURE = rf"{_NUMBER}(?:[–—~]{_NUMBER})?"
_DATE = r"\d{4}\s?年\d{1,2}\s?月(?:\d{1,2}\s?日)?"
_TOGETHER = re.compile(
    rf"{_DATE}|第\s?{_FIGURE}\s?[条章节款号期页]|专栏\s?\d+|{_FIGURE}\s?(?:[%％‰]|{_UNIT}|{_COUNTED})"
)


def together(text: object) -> Markup:
    """Return a text, escaped, with each date and each figure with its unit kept on one line.

    A mark that follows stays with them too: the engine breaks no line before it.
    """
    plain, found, end = str(text), [], 0
    for match in _TOGETHER.finditer(plain):
        found += [escape(plain[end : match.start()]), Markup('<span class="kept">{}</span>').format(match[0])]
        end = match.end()
    return Markup("").join([*found, escape(plain[end:])])
