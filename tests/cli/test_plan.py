"""`registry init` and `registry plan`: what is printed, and that a repeat is harmless."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from registry.cli import common, plan, setup
from registry.identity.rules import SYSTEM, SamePerson
from registry.identity.service import add_user
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Role
from registry.plans.rules import PersonRequired
from registry.platform.db import connect, transaction
from seed.catalogue import COUNTY_PLAN, MUNICIPAL_PLAN
from tests.services.test_plans import AMENDMENT, COUNTY


@pytest.fixture
def registry(fresh, monkeypatch):
    """Run commands of `registry plan` on a database of the test's own."""
    monkeypatch.setattr(common, "engine", lambda: fresh)
    monkeypatch.setattr(setup, "engine", lambda: fresh)
    setup.prepare()
    with transaction(fresh) as session:
        for name, role in (("jing", Role.clerk), ("jing", Role.approver), ("shen", Role.approver)):
            add_user(session, SYSTEM, name, role, COUNTY)

    def run(*words: str | Path) -> Any:
        result = CliRunner().invoke(plan.app, [str(word) for word in words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return json.loads(result.stdout) if "--json" in words else result.stdout

    return run


@pytest.fixture
def amendment(tmp_path):
    path = tmp_path / "amendment.yaml"
    path.write_text(yaml.safe_dump(AMENDMENT, allow_unicode=True), encoding="utf-8")
    return path


class TestInit:
    def test_an_empty_database_is_made_ready_and_a_repeat_changes_nothing(self, database, monkeypatch):
        url = database.empty()
        engine = connect(url)
        monkeypatch.setattr(setup, "engine", lambda: engine)
        assert setup.prepare() is True
        assert setup.prepare() is False
        engine.dispose()
        database.drop(url)


class TestPlan:
    def test_import_twice(self, registry):
        assert "已导入" in registry("import", COUNTY_PLAN)
        assert "内容相同" in registry("import", COUNTY_PLAN)
        assert registry("import", COUNTY_PLAN, "--json")["changed"] is False

    def test_show_says_what_is_printed_and_what_it_is_in_base_units(self, registry):
        registry("import", MUNICIPAL_PLAN)
        registry("import", COUNTY_PLAN)
        text = registry("show")
        for words in ("1200 矿石万吨/年", "12000000 t", "约束性", "未列数值", "产业发展区"):
            assert words in text
        city, county = registry("show", "--json")
        assert (city["number"], county["number"]) == ("渝府发〔2021〕44号", None)
        assert [one["region"] for one in registry("show", "--region", COUNTY, "--json")] == [COUNTY]

    def test_a_county_reads_the_plan_above_it(self, registry):
        registry("import", MUNICIPAL_PLAN)
        assert [one["region"] for one in registry("show", "--as", "jing", "--json")] == ["500000"]

    def test_amend_and_confirm_by_two(self, registry, amendment, tmp_path, monkeypatch):
        registry("import", COUNTY_PLAN)
        scan = tmp_path / "scan.pdf"
        scan.write_bytes(b"%PDF-1.7 scan")
        entered = registry("amend", amendment, "--scan", scan, "--as", "jing", "--json")
        assert entered["state"] == "entered"
        with pytest.raises(SamePerson):
            registry("confirm", entered["id"], "--as", "jing")
        assert "已生效" in registry("confirm", entered["id"], "--as", "shen")
        shown = registry("show", "--json")[1]
        assert (shown["entered_by"], shown["confirmed_by"]) == ("jing", "shen")
        assert shown["scan"]

    def test_a_mistyped_amendment_is_withdrawn_and_entered_again(self, registry, amendment):
        registry("import", COUNTY_PLAN)
        first = registry("amend", amendment, "--as", "jing", "--json")["id"]
        with pytest.raises(Invalid, match="field_missing"):
            registry("withdraw", first, "--as", "jing")
        assert "已撤回" in registry("withdraw", first, "--reason", "数值录错", "--as", "jing")
        shown = registry("show")
        assert "已撤回" in shown
        assert "待确认" not in shown
        again = registry("amend", amendment, "--as", "jing", "--json")
        assert (again["id"] == first, again["state"]) == (False, "entered")
        told = registry("withdraw", again["id"], "--reason", "再录错", "--as", "shen", "--json")
        assert (told["id"], told["state"]) == (again["id"], "withdrawn")

    def test_nobody_stands_behind_the_system(self, registry, amendment):
        registry("import", COUNTY_PLAN)
        with pytest.raises(PersonRequired):
            registry("amend", amendment)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"\x89PNG\r\n", "not_utf8"),
            (b"a,b\n1,2\n", "not_a_mapping"),
            (b"x" * 2_000_001, "file_too_large"),
        ],
    )
    def test_a_file_of_another_kind(self, registry, tmp_path, content, code):
        path = tmp_path / "plan.yaml"
        path.write_bytes(content)
        with pytest.raises(Invalid, match=code):
            registry("import", path)

    def test_a_file_that_is_not_there(self, registry, tmp_path):
        with pytest.raises(Invalid, match="file_unreadable"):
            registry("import", tmp_path / "none.yaml")

    def test_a_document_that_is_not_there(self, registry):
        with pytest.raises(NotFound):
            registry("confirm", 99, "--as", "shen")
