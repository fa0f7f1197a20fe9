"""Signing in at the desk, in Chromium."""


def test_a_clerk_signs_in(people):
    page = people.sit()
    people.sign_in(page, "jingban")
    assert page.title()
