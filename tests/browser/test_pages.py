"""Every page of the desk: nothing serious for axe, no sideways scrolling on a phone, one heading."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import PAGES
from tests.browser.people import DESK, PHONE

# The pages are the same on either database; the journeys run on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AXE = Axe()
GRAVE = ("serious", "critical")
# A narrow page has the colours of the wide one, and measuring them takes most of the time.
RULES: dict[str, dict[str, dict[str, bool]]] = {"desk": {}, "phone": {"color-contrast": {"enabled": False}}}
FAULTS = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  const faults = ids.filter((id, at) => ids.indexOf(id) !== at).map(id => `id twice: ${id}`);
  if (wide > 0) faults.push(`${wide} px too wide: ${widest()}`);
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (document.querySelectorAll('main').length !== 1) faults.push('not one main');
  if (!document.title.trim()) faults.push('no title');
  return faults;
  function widest() {
    const all = [...document.querySelectorAll('body *')].filter(one => !one.parentElement.closest('.scroll'));
    return all.sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)
      .slice(0, 3).map(one => `${one.tagName}.${one.className}`).join(' ');
  }
}"""


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_a_page_is_in_order(readers, one):
    page = readers.sit(one.who, expect=[one.status])
    answer = page.goto(one.address.format_map(readers.desk.book.ids))
    assert answer is not None
    assert answer.status == one.status
    faults = []
    for name, size in (("desk", DESK), ("phone", PHONE)):
        page.set_viewport_size(size)
        faults += [f"{name}: {told}" for told in [*page.evaluate(FAULTS), *grave(page, RULES[name])]]
    assert not faults, "\n".join(faults)


def grave(page: Page, rules: dict[str, dict[str, bool]]) -> list[str]:
    """Return what axe finds serious or critical: the rule and where."""
    options = {"resultTypes": ["violations"], "rules": rules}
    found = AXE.run(page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:5]
    ]
