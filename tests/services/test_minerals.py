"""The catalogue is loaded from files, again and again, and never lets a word mean two minerals."""

from typing import Any

import pytest
from sqlmodel import col, func, select

from registry.identity.rules import Actor
from registry.kernel.density import parse_density
from registry.kernel.errors import Forbidden, Invalid
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import Confidence, Kind, MiningMethod, Role
from registry.minerals.models import Mineral, MineralAlias, ScaleLine, ScaleLineMineral
from registry.minerals.queries import catalogue, mineral_named, scale_lines
from registry.minerals.rules import Known, scale_class
from registry.minerals.service import load
from registry.platform.audit import AuditEntry
from registry.regions import service as regions
from registry.regions.queries import townships
from seed.catalogue import load_catalogue, read_seed

MINERALS: list[dict[str, Any]] = [
    {
        "name": "水泥用灰岩", "code": "83906", "class": "8", "quantity": "mass", "aliases": ["水泥用石灰岩"],
        "code_source": "某表", "confidence": "C",
    },
    {
        "name": "饰面用白云岩", "code": None, "class": "8", "quantity": "volume", "aliases": [],
        "code_source": "代码表未列", "confidence": "D",
    },
]  # fmt: skip
LINE: dict[str, Any] = {
    "applies_to": ["水泥用灰岩"], "line": "石灰岩", "unit": "矿石万吨/年", "large_from": "100",
    "small_below": "50", "mark": "V", "confidence": "B", "source": "某表",
}  # fmt: skip


@pytest.fixture
def book(session):
    """A session in a book that has only its regions."""
    regions.load(session, read_seed("regions.yaml"))
    return session


def count(session, table) -> int:
    return int(session.exec(select(func.count()).select_from(table)).one())


def acts(session) -> list[str]:
    session.commit()
    return list(session.exec(select(AuditEntry.act).order_by(col(AuditEntry.id))).all())


class TestLoading:
    def test_the_second_time_changes_nothing(self, book):
        assert load(book, MINERALS, [LINE]) is True
        assert load(book, MINERALS, [LINE]) is False
        assert (count(book, Mineral), count(book, ScaleLine)) == (2, 1)
        assert acts(book) == ["catalogue.load"]

    def test_a_changed_line_takes_the_place_of_the_old(self, book):
        load(book, MINERALS, [LINE])
        assert load(book, MINERALS, [LINE | {"large_from": "120"}]) is True
        (line,) = scale_lines(book)["水泥用灰岩"]
        assert (line.large_from, count(book, ScaleLine)) == (parse("1200000 t"), 1)

    def test_a_changed_mineral_is_the_same_mineral(self, book):
        load(book, MINERALS, [])
        changed = MINERALS[1] | {"code": "83945", "confidence": "A"}
        assert load(book, [MINERALS[0], changed], []) is True
        found = mineral_named(book, "83945")
        assert (found.name, found.confidence, count(book, Mineral)) == ("饰面用白云岩", Confidence.a, 2)

    def test_an_alias_that_is_gone_from_the_file_is_gone(self, book):
        load(book, MINERALS, [])
        load(book, [MINERALS[0] | {"aliases": ["水泥灰岩"]}, MINERALS[1]], [])
        assert [a.alias for a in book.exec(select(MineralAlias)).all()] == ["水泥灰岩"]

    def test_a_mineral_that_is_gone_from_the_file_stays(self, book):
        load(book, MINERALS, [])
        load(book, MINERALS[:1], [])
        assert count(book, Mineral) == 2

    def test_a_line_may_name_a_mineral_that_an_earlier_file_brought(self, book):
        load(book, MINERALS, [])
        load(book, [], [LINE])
        assert list(scale_lines(book)) == ["水泥用灰岩"]

    @pytest.mark.parametrize("word", ["水泥用灰岩", "水泥用石灰岩", "83906"])
    def test_a_word_of_another_mineral_in_the_book_is_refused(self, book, word):
        load(book, MINERALS, [])
        rival = MINERALS[1] | {"name": "某岩", "aliases": [word]}
        with pytest.raises(Invalid, match="catalogue_collision") as caught:
            load(book, [rival], [])
        assert caught.value.facts["other"] == "水泥用灰岩"

    def test_nothing_is_half_loaded(self, book):
        with pytest.raises(Invalid):
            load(book, MINERALS, [LINE | {"mark": "?"}])
        book.rollback()
        assert count(book, Mineral) == 0

    def test_a_clerk_may_not(self, book):
        clerk = Actor("jing", frozenset({(Role.clerk, "500000")}))
        with pytest.raises(Forbidden):
            load(book, MINERALS, [], clerk)


class TestReading:
    def test_every_word_leads_to_its_mineral(self, book):
        load(book, MINERALS, [])
        cement, facing = Known("水泥用灰岩", Kind.mass), Known("饰面用白云岩", Kind.volume)
        assert catalogue(book) == {
            "水泥用灰岩": cement, "水泥用石灰岩": cement, "83906": cement, "饰面用白云岩": facing,
        }  # fmt: skip
        assert [mineral_named(book, w).name for w in (" 水泥用石灰岩 ", "83906")] == ["水泥用灰岩"] * 2

    def test_an_unknown_word_is_refused(self, book):
        with pytest.raises(Invalid, match="mineral_unknown"):
            mineral_named(book, "月球石", "caps[0].mineral")

    def test_a_mineral_may_have_a_line_for_each_method(self, book):
        by_method = [
            LINE | {"method": "underground", "line": "地下", "large_from": "120"},
            LINE | {"method": "open_pit", "line": "露天", "large_from": "400"},
        ]
        load(book, MINERALS, by_method)
        lines = scale_lines(book, ["水泥用灰岩"])["水泥用灰岩"]
        assert [line.method for line in lines] == [MiningMethod.underground, MiningMethod.open_pit]
        assert scale_class(parse("200 万吨"), lines, method=MiningMethod.open_pit).label == "中型"


class TestTheSeed:
    def test_it_loads_once(self, session):
        assert load_catalogue(session) is True
        assert load_catalogue(session) is False
        assert acts(session) == ["catalogue.load", "threshold.set"]
        assert len(townships(session, "500240")) == 33

    def test_the_class_of_the_quarries_of_the_demonstration(self, session):
        load_catalogue(session)
        lines = scale_lines(session)["建筑石料用灰岩"]
        density = parse_density("2.68")
        found = [scale_class(parse(f"{scale} 万吨"), lines, density).label for scale in (260, 25, 13)]
        assert found == ["大型", "中型", "小型"]
        assert scale_class(parse("15 万吨"), lines).label == "待定"

    def test_every_stored_line_is_marked(self, session):
        load_catalogue(session)
        assumed = session.exec(select(ScaleLineMineral.mineral).where(col(ScaleLineMineral.assumed))).all()
        assert {"饰面用灰岩", "建筑用砂岩", "石英砂岩"} <= set(assumed)
        assert "建筑石料用灰岩" not in assumed
