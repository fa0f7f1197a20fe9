"""A repeated request gets the first answer, and does nothing a second time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from registry.kernel.errors import Invalid
from registry.platform.db import reader, transaction
from registry.platform.idempotency import KeptAnswer, first_answer, input_hash, keep_answer

CONTENT = {"right": "SZ-2025-0007", "quantity": "120.5 千吨", "period": "2025-07"}


def act(
    session: Session, done: list[str], key: str = "k1", actor: str = "jingban", content: object = None
) -> object:
    """Do an act under a key, unless it was done before; return its answer."""
    given = CONTENT if content is None else content
    kept = first_answer(session, actor, "output.record", key, given)
    if kept is not None:
        return kept
    done.append(key)
    answer = {"return": "SZ-2025-0007/建筑石料用灰岩/2025-07", "number": len(done)}
    keep_answer(session, actor, "output.record", key, answer)
    return answer


class TestRepeat:
    def test_the_second_time_the_first_answer_comes_back(self, fresh):
        done: list[str] = []
        answers = []
        for _ in range(3):
            with transaction(fresh) as session:
                answers.append(act(session, done))
        assert done == ["k1"]
        assert answers[0] == {"return": "SZ-2025-0007/建筑石料用灰岩/2025-07", "number": 1}
        assert answers == [answers[0]] * 3

    def test_within_one_transaction_too(self, session):
        done: list[str] = []
        assert act(session, done) == act(session, done)
        assert done == ["k1"]

    def test_the_same_input_in_another_order_is_the_same(self, session):
        done: list[str] = []
        act(session, done)
        act(session, done, content=dict(reversed(CONTENT.items())))
        assert done == ["k1"]

    def test_another_input_under_the_key_is_refused_and_the_first_answer_stays(self, session):
        done: list[str] = []
        first = act(session, done)
        with pytest.raises(Invalid) as refused:
            act(session, done, content={**CONTENT, "quantity": "120.6 千吨"})
        assert (refused.value.code, refused.value.field, refused.value.value) == (
            "idempotency_mismatch",
            "key",
            "k1",
        )
        assert act(session, done) == first
        assert done == ["k1"]

    def test_a_key_belongs_to_one_actor_and_one_kind_of_act(self, session):
        done: list[str] = []
        act(session, done)
        act(session, done, actor="shenhe", content={"other": 1})
        act(session, done, key="k2", content={"other": 1})
        assert first_answer(session, "jingban", "alarm.close", "k1", {"other": 1}) is None
        assert len(done) == 3

    def test_an_act_that_failed_may_be_tried_again(self, fresh):
        done: list[str] = []
        with suppress(Invalid), transaction(fresh) as session:
            act(session, done)
            raise Invalid("negative", "quantity", "-1")
        with transaction(fresh) as session:
            act(session, done)
            with reader(fresh) as other:
                assert other.exec(select(KeptAnswer)).all() == []
        assert done == ["k1", "k1"]

    def test_an_act_that_failed_behind_a_savepoint_may_be_tried_again(self, session):
        done: list[str] = []
        with suppress(Invalid), session.begin_nested():
            act(session, done)
            raise Invalid("negative", "quantity", "-1")
        act(session, done)
        assert done == ["k1", "k1"]


class TestHash:
    def test_differs_for_any_other_input(self):
        inputs = [{}, [], None, "", "1", 1, {"a": 1}, {"a": "1"}, {"b": 1}, [1, 2], [2, 1], date(2025, 7, 1)]
        assert len({input_hash(content) for content in inputs}) == len(inputs)

    def test_is_the_same_on_every_machine(self):
        content = {"矿种": "地热", "figures": [1, Decimal("2.50")], "day": date(2025, 7, 1)}
        assert input_hash(content) == "cdcffaa0ddd40e522336cc3d80f58d8dd4eba281e1de800bd264cb1d8825f9b8"


def rivals(engine: Engine, contents: list[dict[str, str]]) -> tuple[list[str], list[object]]:
    """Let as many threads as there are inputs use one key at the same moment."""
    done: list[str] = []
    start = Barrier(len(contents))

    def one(content: dict[str, str]) -> object:
        start.wait()
        try:
            with transaction(engine) as session:
                answer = act(session, done, content=content)
                sleep(0.05)  # long enough for the rival to come
                return answer
        except Invalid as refused:
            return refused.code

    with ThreadPoolExecutor(len(contents)) as pool:
        return done, list(pool.map(one, contents))


class TestRace:
    """The lock is insert_once in idempotency.first_answer: a rival waits there for the first to commit."""

    def test_two_with_the_same_key_at_once_act_once_and_hear_the_same(self, fresh):
        done, answers = rivals(fresh, [CONTENT] * 2)
        assert done == ["k1"]
        assert answers[0] == answers[1] == {"return": "SZ-2025-0007/建筑石料用灰岩/2025-07", "number": 1}

    def test_eight_too(self, fresh):
        done, answers = rivals(fresh, [CONTENT] * 8)
        assert done == ["k1"]
        assert answers == [answers[0]] * 8

    def test_of_two_with_different_inputs_one_is_refused(self, fresh):
        done, answers = rivals(fresh, [CONTENT, {**CONTENT, "quantity": "1 t"}])
        assert done == ["k1"]
        assert sorted(map(type, answers), key=str) == [dict, str]
        assert "idempotency_mismatch" in answers
