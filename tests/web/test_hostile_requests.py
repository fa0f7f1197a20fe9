"""What no browser sends: bodies without end, forms that are none, addresses that climb, foreign hosts."""

import pytest
from starlette.testclient import TestClient

from registry.app import create_app
from registry.kernel.vocabulary import Role
from registry.platform.db import transaction
from registry.settings import Settings
from tests.architecture.source import ROOT
from tests.factories import world
from tests.web.signing import sign

MEGABYTE = 2**20
FORM = "application/x-www-form-urlencoded"
FAR = "pyproject.toml"
CLIMBS = (
    "..%2f" * 4 + FAR, "%2e%2e/" * 4 + FAR, "..%5c" * 4 + FAR, "....//" * 4 + FAR,
    "%252e%252e%252f" * 4 + FAR, "..%c0%af" * 4 + FAR, f"{ROOT}/{FAR}".replace("/", "%2f"),
    "/etc/passwd", "%2fetc%2fpasswd", "..%2flayouts%2fdesk.html", "%2e%2e%2flayouts%2fdesk.html",
    "..%2f..%2fweb%2fhtmx.min.js", "desk.css%00.svg", "%00", "%ff", ".", "a" * 5000,
)  # fmt: skip


def part(*headers: str) -> bytes:
    """Return one part of a multipart body."""
    return b"--a\r\n" + "\r\n".join(headers).encode() + b"\r\n\r\nx\r\n"


NAMED = 'Content-Disposition: form-data; name="username"'
BODIES = (
    b"", b"x", b"\x00\xff", b"--a", b"--a\r\n" + b"X" * 100_000, b"--a\r\n\r\n\r\n--a--",
    part("Content-Disposition: form-data") + b"--a--", part(NAMED),
    part(f'{NAMED}; filename="../../x\r\nX-Evil: 1"') + b"--a--",
    part(f'{NAMED}; filename="f"') * 60 + b"--a--",
    part(NAMED) * 600 + b"--a--", part(NAMED, "Content-Type: text/plain; charset=no-such") + b"--a--",
    b"&".join(b"f%d=1" % number for number in range(2000)), b"username=%ff%00&password=%c0%80", b"%" * 1000,
)  # fmt: skip


class TestBodies:
    def test_what_is_announced_as_too_large_is_not_even_begun(self, client):
        announced = {"content-type": FORM, "content-length": str(13 * MEGABYTE)}
        assert client.post("/sign-in", content=b"a", headers=announced).status_code == 413

    def test_a_body_without_end_is_refused_while_it_arrives(self, client):
        taken = 0

        def endless():
            nonlocal taken
            while taken < 100:
                taken += 1
                yield b"a" * MEGABYTE

        answer = client.post("/sign-in", content=endless(), headers={"content-type": FORM})
        assert answer.status_code == 413
        assert "12 MB" in answer.text

    @pytest.mark.parametrize("given", ["", "; boundary=", "; boundary=a", "; boundary=" + "b" * 300])
    def test_a_form_that_is_none_is_no_fault_of_the_program(self, client, given):
        for kind in (FORM, f"multipart/form-data{given}", f"text/plain{given}"):
            for content in BODIES:
                answer = client.post("/sign-in", content=content, headers={"content-type": kind})
                assert 400 <= answer.status_code < 500, (kind, content[:80])
                assert "x-evil" not in answer.headers

    def test_what_stands_in_an_address_never_becomes_a_header(self, fresh, client, desk):
        with transaction(fresh) as session:
            world(session)
        clerk = desk("zhang", Role.clerk)
        for address in (
            "/?year=2025%0d%0aX-Evil:%201",
            "/%0d%0aX-Evil:%201",
            "/sign-in?next=/%0d%0aX-Evil:1",
        ):
            for one in (client, clerk):
                answer = one.get(address, follow_redirects=False)
                assert "x-evil" not in answer.headers
                assert "\n" not in "".join(answer.headers.values())


class TestAddresses:
    @pytest.mark.parametrize("root", ["/assets", "/fonts", "/lib"])
    def test_no_address_climbs_out_of_its_folder(self, client, root):
        for climb in CLIMBS:
            answer = client.get(f"{root}/{climb}", follow_redirects=False)
            assert answer.status_code == 404, climb

    @pytest.mark.parametrize("name", ["host", "x-forwarded-host", "forwarded", "x-original-url"])
    def test_no_answer_believes_what_a_request_says_of_its_host(self, client, name):
        for address in ("/sign-in/", "/assets", "/assets/", "/", "/?year=2025", "/no-such-page", "/sign-in"):
            answer = client.get(address, headers={name: "evil.example"}, follow_redirects=False)
            assert "evil.example" not in answer.text, address
            assert "evil.example" not in "".join(answer.headers.values()), address


class TestHttps:
    @pytest.fixture
    def behind_tls(self, fresh_url):
        """Give a client of an installation whose public address is https."""
        app = create_app(Settings(database_url=fresh_url, public_url="https://registry.example"))
        with TestClient(app, base_url="https://registry.example") as client:
            yield client

    def test_cookies_are_for_https_and_this_host_alone(self, behind_tls):
        cookies = behind_tls.get("/sign-in").headers.get_list("set-cookie")
        assert cookies
        assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
        assert all("domain" not in cookie.lower() for cookie in cookies)

    def test_a_cookie_that_a_plain_page_could_have_set_signs_nobody_in(self, fresh, behind_tls):
        with transaction(fresh) as session:
            world(session)
        zhang = sign(fresh, behind_tls, "zhang", Role.clerk)
        assert zhang.get("/alarms", follow_redirects=False).status_code == 303  # under the name of plain HTTP
        named = {"cookie": f"__Host-registry={zhang.secret}"}
        assert behind_tls.get("/alarms", headers=named, follow_redirects=False).status_code == 200
